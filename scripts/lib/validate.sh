# The rules that scripts/validate checks, grouped as a reader of the plugin meets them.
# shellcheck shell=bash disable=SC2016,SC2154

rules=0 broken=0

# rule TEXT COMMAND...: the rule holds when the command succeeds.
rule() {
  local text=$1
  shift
  rules=$((rules + 1))
  if ! "$@" >/dev/null 2>&1; then
    broken=$((broken + 1))
    printf 'broken: %s\n' "$text"
  fi
}

not() { ! "$@"; }
# json FILTER: the filter is true of plugin.json.
json() { jq -e "$1" "$plugin/plugin.json"; }
words() { grep -qiwE "$1" "$2"; }

validate_zip() {
  local zip=$1 work=$2 roots
  unzip -q "$zip" -d "$work" || die "$zip is no readable zip"
  mapfile -t roots < <(ls -A "$work")
  plugin=$work/${roots[0]}
  rule "there is one root folder" test "${#roots[@]}" = 1
  rule "plugin.json is JSON" jq -e . "$plugin/plugin.json"
  [[ -f $plugin/plugin.json ]] || return 0
  rule "the root folder is the plugin's id" test "$(jq -r .id "$plugin/plugin.json")" = "${roots[0]}"
  validate_metadata
  validate_texts
  validate_files "$zip"
  validate_executables
  validate_frontend
}

validate_metadata() {
  local keys path
  rule "id has three parts and ends with the type" json '.id | test("^[0-9a-z]+-[0-9a-z]+-(app|panel|datasource)$")'
  rule "the id ends with the plugin's type" json '.type as $t | .id | endswith("-" + $t)'
  rule "the name is not the id" json '.name != .id and (.name | length) > 0'
  rule "the version is x.y.z" json '.info.version | test("^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$")'
  rule "the version is package.json's" json ".info.version == \"$(plugin_version)\""
  rule "updated is a date" json '.info.updated | test("^20[0-9]{2}-[0-9]{2}-[0-9]{2}$")'
  rule "no placeholder is left" not grep -rqE '%(VERSION|TODAY|PLUGIN_ID)%' "$plugin/plugin.json" "$plugin/README.md"
  rule "the description has one or two sentences" \
    json '.info.description | length > 20 and ([scan("[.!?]( |$)")] | length) <= 2'
  rule "there are keywords" json '.info.keywords | length > 0'
  rule "the author is named" json '.info.author.name | length > 0'
  rule "there are links with a name and an address" \
    json '.info.links | length > 0 and all(.[]; (.name | length) > 0 and (.url | test("^https://[^ ]+$")))'
  rule "grafanaDependency is a version range" json '.dependencies.grafanaDependency | test("^(>=|\\^|~)?[0-9]+\\.[0-9]+\\.[0-9]+(-0)?( +<[0-9.]+(-0)?)?$")'
  rule "a backend names its executable" json '.backend == true and .executable == "gpx_spanlog"'
  rule "it can be chosen for traces and in panels" json '.tracing == true and .metrics == true and .category == "tracing"'
  keys='["$schema","alerting","annotations","autoEnabled","backend","buildMode","builtIn","category","dependencies",
    "enterpriseFeatures","executable","extensions","hideFromList","iam","id","includes","info","languages","logs",
    "metrics","multiValueFilterOperators","name","pascalName","preload","queryOptions","roles","routes",
    "skipDataQuery","state","streaming","tracing","type"]'
  rule "plugin.json has only keys that its schema knows" json "(keys - $keys) | length == 0"
  while read -r path; do
    rule "included file $path is there" test -s "$plugin/$path"
    rule "included dashboard $path is JSON" jq -e . "$plugin/$path"
  done < <(jq -r '.includes[]?.path // empty' "$plugin/plugin.json")
}

validate_texts() {
  rule "README.md says something" test "$(wc -c <"$plugin/README.md")" -gt 200
  rule "README.md has no HTML comment" not grep -q '<!--' "$plugin/README.md"
  rule "README.md is not the template" not grep -qi 'plugin template' "$plugin/README.md"
  rule "README.md is for users, not for frontend developers" not words 'yarn|nodejs' "$plugin/README.md"
  # A link into the repository is broken once the file stands in a catalog.
  rule "README.md links to whole addresses only" not grep -qE '\]\((\.|/|[a-z_-]+/)[^)]*\)' "$plugin/README.md"
  rule "CHANGELOG.md names the version" grep -qF "$(plugin_version)" "$plugin/CHANGELOG.md"
  rule "LICENSE is Apache-2.0" grep -q 'Apache License' "$plugin/LICENSE"
  rule "LICENSE has no placeholder" not grep -qE '\{yyyy\}|\{name of copyright owner\}|\[yyyy\]' "$plugin/LICENSE"
}

validate_files() {
  local zip=$1 path
  rule "no folder named dist" test -z "$(find "$plugin" -type d -name dist)"
  rule "no link, device or hidden file" test -z "$(find "$plugin" ! -type f ! -type d -o -name '.*' ! -path "$plugin")"
  rule "no source, module folder or leftover" \
    test -z "$(find "$plugin" \( -name '*.go' -o -name node_modules -o -name standalone.txt -o -name pid.txt -o -name core \))"
  rule "every file can be read by everyone" test -z "$(find "$plugin" -type f ! -perm -0444)"
  rule "the bill of materials names a version and a licence for everything" \
    jq -e '.components | length > 0 and all(.[]; .version != "" and .licenses[0].expression != "NOASSERTION")' \
    "$plugin/sbom.cdx.json"
  while read -r path; do
    rule "logo $path is there" test -s "$plugin/$path"
    rule "logo $path is SVG without scripts or references" safe_svg "$plugin/$path"
  done < <(jq -r '.info.logos.small, .info.logos.large' "$plugin/plugin.json" | sort -u)
  rule "there is a screenshot" json '.info.screenshots | length > 0'
  while read -r path; do
    rule "screenshot $path is a picture of the kind its name says" picture "$plugin/$path"
  done < <(jq -r '.info.screenshots[]?.path' "$plugin/plugin.json")
}

safe_svg() {
  [[ $(file -b --mime-type "$1") == image/svg+xml ]] || return 1
  ! grep -qiE '<(script|foreignObject|iframe|image|use)|[ "'\'']on[a-z]+=|(xlink:)?href=|javascript:|<!ENTITY' "$1"
}

picture() {
  local type
  type=$(file -b --mime-type "$1")
  case $1 in
    *.png) [[ $type == image/png ]] ;;
    *.jpg | *.jpeg) [[ $type == image/jpeg ]] ;;
    *.gif) [[ $type == image/gif ]] ;;
    *.svg) safe_svg "$1" ;;
    *) return 1 ;;
  esac
}

validate_executables() {
  local file machine
  rule "an executable for linux_amd64 is there" test -s "$plugin/gpx_spanlog_linux_amd64"
  for file in "$plugin"/gpx_spanlog*; do
    case $file in
      *_linux_amd64) machine=x86-64 ;;
      *_linux_arm64) machine=aarch64 ;;
      *) machine='no machine at all' ;;
    esac
    rule "$(basename "$file") has mode 0755" test "$(stat -c %a "$file")" = 755
    rule "$(basename "$file") is a static, stripped program for $machine" static_for "$machine" "$file"
    rule "$(basename "$file") has at most 18 MB" test "$(stat -c %s "$file")" -le 18000000
    rule "$(basename "$file") names no folder of the machine that built it" not grep -qaF "$ROOT" "$file"
  done
}

static_for() {
  local told
  told=$(file -b "$2")
  [[ $told == ELF*executable*"$1"* && $told == *static* && $told == *stripped* && $told != *'not stripped'* ]]
}

validate_frontend() {
  rule "module.js defines an AMD module" grep -q 'define(' "$plugin/module.js"
  rule "module.js has a source map" test -s "$plugin/module.js.map"
  rule "module.js is below 300 kB" test "$(stat -c %s "$plugin/module.js")" -lt 300000
  rule "module.js tracks nobody" not grep -qE 'google-analytics|googletagmanager|hotjar|segment\.(com|io)|mixpanel' "$plugin/module.js"
}
