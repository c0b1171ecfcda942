# The bill of materials: what third-party code is inside the plugin, with version and licence (CycloneDX 1.5).
# shellcheck shell=bash

# Name, licence (SPDX) and the Debian package that carries it. Linked into the executable, or compiled into it from
# headers. docs/dependencies.md tells why each is there; a test holds the two together.
SBOM_NATIVE=(
  "grpc Apache-2.0 libgrpc-dev"
  "upb BSD-3-Clause libgrpc-dev"
  "address-sorting BSD-3-Clause libgrpc-dev"
  "xxhash BSD-2-Clause libgrpc-dev"
  "protobuf BSD-3-Clause libprotobuf-dev"
  "abseil Apache-2.0 libabsl-dev"
  "re2 BSD-3-Clause libre2-dev"
  "c-ares MIT libc-ares-dev"
  "openssl Apache-2.0 libssl-dev"
  "zlib Zlib zlib1g-dev"
  "zstd BSD-3-Clause libzstd-dev"
  "curl curl source:curl"
  "simdjson Apache-2.0 source:simdjson"
  "flatbuffers Apache-2.0 libflatbuffers-dev"
  "nlohmann-json MIT nlohmann-json3-dev"
  "glibc LGPL-2.1-or-later libc6-dev"
  "libstdc++ GPL-3.0-with-GCC-exception libstdc++-12-dev"
)

native_components() {
  local entry name licence package version
  for entry in "${SBOM_NATIVE[@]}"; do
    read -r name licence package <<<"$entry"
    if [[ $package == source:* ]]; then
      package=${package#source:}
      version=$(<"$DEPS/amd64/$package.version")
    else
      version=$(dpkg-query -W -f '${Version}' "$package")
    fi
    jq -n --arg name "$name" --arg licence "$licence" --arg version "$version" --arg package "$package" '{
      type: "library", name: $name, version: $version, licenses: [{expression: $licence}],
      purl: "pkg:deb/debian/\($package)@\($version | @uri)?distro=bookworm"}'
  done
}

# Only what webpack put into module.js: its source map knows.
frontend_components() {
  local package folder licence
  while read -r package; do
    folder=$ROOT/frontend/node_modules/$package
    [[ -f $folder/package.json ]] || continue
    licence=$(jq -r '.license // empty' "$folder/package.json")
    # Some name it only by the text they carry.
    if [[ -z $licence ]] && grep -q 'Apache License' "$folder"/LICENSE* 2>/dev/null; then licence=Apache-2.0; fi
    jq --arg licence "${licence:-NOASSERTION}" '{type: "library", name, version, licenses: [{expression: $licence}],
      purl: "pkg:npm/\(.name | sub("^@"; "%40"))@\(.version)"}' "$folder/package.json"
  done < <(jq -r '.sources[]' "$DIST/module.js.map" | grep -oE 'node_modules/(@[^/]+/)?[^/]+' |
    sed 's|^node_modules/||' | sort -u)
}

# write_sbom FILE
write_sbom() {
  { native_components; frontend_components; } | jq -s --arg version "$(plugin_version)" --arg id "$PLUGIN_ID" '{
    bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
    metadata: {component: {type: "application", name: $id, version: $version,
      licenses: [{expression: "Apache-2.0"}]}},
    components: .}' >"$1"
}
