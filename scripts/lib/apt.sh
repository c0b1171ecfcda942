# Debian packages: the ones a build needs on the machine, and private look-ups that leave its apt settings alone.
# shellcheck shell=bash disable=SC2034

# What the native build, the tests and the scripts use.
APT_PACKAGES=(
  ca-certificates g++ cmake ninja-build pkg-config ccache dpkg-dev xz-utils zip unzip jq file python3 python3-pip git
  libgrpc++-dev libgrpc-dev protobuf-compiler-grpc protobuf-compiler libprotobuf-dev libabsl-dev libc-ares-dev
  libre2-dev zlib1g-dev libzstd-dev libssl-dev libflatbuffers-dev flatbuffers-compiler libboost1.81-dev
  nlohmann-json3-dev libgtest-dev libgmock-dev libcli11-dev clang-format-14
)
# What the arm64 cross build adds: a compiler here, and a way to run the result.
APT_PACKAGES_ARM64=(g++-aarch64-linux-gnu qemu-user-static)
# The browser that runs the frontend's tests, with letters to draw.
APT_PACKAGES_BROWSER=(chromium fonts-dejavu-core)
# The compiler that brings libFuzzer, for long runs of the fuzz targets. What ships and what CI runs is built by g++.
APT_PACKAGES_FUZZ=(clang-14 libclang-rt-14-dev)
# Libraries unpacked into the arm64 sysroot. Multiarch would need the same version of each on both architectures
# at every moment, which mirrors do not promise; unpacking does not.
SYSROOT_PACKAGES=(
  libgrpc++-dev libgrpc-dev libprotobuf-dev libabsl-dev libc-ares-dev libre2-dev zlib1g-dev libzstd-dev
  libssl-dev libflatbuffers-dev nlohmann-json3-dev
)

APT_ETC=${APT_ETC:-/etc/apt}

apt_missing() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# apt_install PACKAGE...: installs those that are missing.
apt_install() {
  local missing
  have apt-get || die "this is no Debian system: use the Dockerfile (its first lines say how)"
  mapfile -t missing < <(apt_missing "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)) && ! have sudo; then
    die "packages are missing and this is not root; run: apt-get install --no-install-recommends ${missing[*]}"
  fi
  step "Debian's package lists" as_root apt-get update
  step "Debian packages: ${#missing[@]} missing" \
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# private_sources TYPE FILE: writes the machine's own Debian sources to FILE as TYPE (deb or deb-src).
# Sources of others (a vendor's repository) are left out: only suites of this Debian release count.
private_sources() {
  local type=$1 out=$2 codename file
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
  rm -rf "$out"
  mkdir -p "$out"
  for file in "$APT_ETC"/sources.list "$APT_ETC"/sources.list.d/*.list; do
    [[ -f $file ]] || continue
    # deb [options] URI suite components: an option of architecture would shut ours out.
    sed -nE "s/#.*//; s/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+[[:space:]]+${codename}[-\/a-z]*[[:space:]].*)/$type \1\2/p" "$file" |
      sed -E 's/arch=[^] ]*//; s/\[[[:space:]]*\]//' >>"$out/machine.list"
  done
  for file in "$APT_ETC"/sources.list.d/*.sources; do
    [[ -f $file ]] || continue
    awk -v RS= -v ORS='\n\n' -v type="$type" -v codename="$codename" '
      $0 ~ "(^|\n)Suites:[^\n]*" codename && $0 !~ /(^|\n)Enabled:[ \t]*no/ {
        n = split($0, lines, "\n"); text = ""
        for (i = 1; i <= n; i++) {
          if (lines[i] ~ /^#/ || lines[i] ~ /^Architectures:/) continue
          if (lines[i] ~ /^Types:/) lines[i] = "Types: " type
          text = text (text == "" ? "" : "\n") lines[i]
        }
        print text
      }' "$file" >>"$out/$(basename "$file")"
  done
  find "$out" -type f -size -1c -delete
  [[ -n $(ls -A "$out") ]] || die "no Debian $codename source in $APT_ETC: cannot fetch sources with apt"
}

# private_apt NAME TOOL ARGUMENT...: runs apt-get or apt-cache with the settings made by private_apt_init NAME.
private_apt() {
  local dir=$DEPS/apt/$1 tool=$2
  shift 2
  "$tool" -q -c "$dir/apt.conf" "$@"
}

# private_apt_init NAME TYPE ARCH: own sources, lists and cache below .deps/apt/NAME; the machine's proxies and keys.
private_apt_init() {
  local dir=$DEPS/apt/$1 type=$2 arch=$3
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
  private_sources "$type" "$dir/sources"
  : >"$dir/status"
  cat >"$dir/apt.conf" <<CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$dir/sources";
Dir::State::Lists "$dir/lists";
Dir::State::Status "$dir/status";
Dir::Cache "$dir/cache";
APT::Sandbox::User "root";
#clear APT::Architectures;
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
CONF
  private_apt "$1" apt-get update
}
