# libcurl and simdjson from Debian's source packages: Debian's own libcurl.a needs Kerberos and LDAP archives that
# Debian does not ship, and its simdjson has no archive at all.
# shellcheck shell=bash

# fetch_source PACKAGE: the unpacked, patched source below .deps/src/PACKAGE.
fetch_source() {
  local package=$1 dir=$DEPS/src/$1 version
  [[ -d $dir/tree ]] && return 0
  [[ -f $DEPS/apt/source/apt.conf ]] || private_apt_init source deb-src "$(dpkg --print-architecture)"
  rm -rf "$dir"
  mkdir -p "$dir"
  # Newest first; an index may be ahead of the files on a mirror, then an older version does.
  while read -r version; do
    rm -rf "${dir:?}"/*
    if (cd "$dir" && private_apt source apt-get source --only-source --download-only "$package=$version"); then
      (cd "$dir" && dpkg-source --no-check -x ./*.dsc tree)
      return 0
    fi
  done < <(private_apt source apt-cache showsrc --only-source "$package" | sed -n 's/^Version: //p' | sort -rV | uniq)
  die "no source of $package could be fetched with apt"
}

# keep_version ARCH PACKAGE: remembers which source was built, for the bill of materials.
keep_version() {
  sed -n 's/^Version: //p' "$DEPS/src/$2"/*.dsc | head -n 1 >"$DEPS/$1/$2.version"
}

# cmake_for ARCH: prints the CMake arguments for that machine, one a line.
cmake_for() {
  printf '%s\n' -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_SHARED_LIBS=OFF
  if have ccache; then
    printf '%s\n' -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  # Messages in the libraries name their source files; the folder of the build is nobody's business.
  local flags="-ffile-prefix-map=$DEPS/src/="
  if [[ $1 == arm64 ]]; then
    local include=$DEPS/sysroot-arm64/usr/include
    printf '%s\n' "-DCMAKE_TOOLCHAIN_FILE=$ROOT/cmake/toolchain-arm64.cmake"
    flags+=" -isystem $include -isystem $include/aarch64-linux-gnu"
  fi
  printf '%s\n' "-DCMAKE_C_FLAGS=$flags"
}

build_curl() {
  local arch=$1 work=$DEPS/work/$1-curl arguments
  fetch_source curl
  mapfile -t arguments < <(cmake_for "$arch")
  rm -rf "$work"
  cmake -S "$DEPS/src/curl/tree" -B "$work" "${arguments[@]}" -DCMAKE_INSTALL_PREFIX="$DEPS/$arch" \
    -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DHTTP_ONLY=ON -DENABLE_MANUAL=OFF \
    -DCURL_USE_OPENSSL=ON -DOPENSSL_USE_STATIC_LIBS=ON -DENABLE_ARES=ON -DCURL_ZSTD=ON -DCURL_BROTLI=OFF \
    -DCURL_USE_LIBSSH2=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF -DUSE_NGHTTP2=OFF -DCURL_USE_GSSAPI=OFF \
    -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none
  cmake --build "$work"
  cmake --install "$work"
  keep_version "$arch" curl
}

build_simdjson() {
  local arch=$1 work=$DEPS/work/$1-simdjson compiler=(g++)
  fetch_source simdjson
  [[ $arch == arm64 ]] && compiler=(aarch64-linux-gnu-g++)
  have ccache && compiler=(ccache "${compiler[@]}")
  mkdir -p "$work" "$DEPS/$arch/lib" "$DEPS/$arch/include"
  # One source and one header, as upstream offers it to those who build it in; it picks the kernel when it runs.
  cp "$DEPS/src/simdjson/tree/singleheader/simdjson.h" "$DEPS/$arch/include/"
  "${compiler[@]}" -std=c++17 -O3 -DNDEBUG -fPIC -ffunction-sections -fdata-sections \
    -I "$DEPS/$arch/include" -c "$DEPS/src/simdjson/tree/singleheader/simdjson.cpp" -o "$work/simdjson.o"
  ar rcsD "$DEPS/$arch/lib/libsimdjson.a" "$work/simdjson.o"
  keep_version "$arch" simdjson
}

unpack_sysroot_arm64() {
  local sysroot=$DEPS/sysroot-arm64 package
  private_apt_init arm64 deb arm64
  rm -rf "$sysroot" "$DEPS/work/sysroot-arm64"
  mkdir -p "$sysroot" "$DEPS/work/sysroot-arm64"
  (cd "$DEPS/work/sysroot-arm64" && private_apt arm64 apt-get download "${SYSROOT_PACKAGES[@]}")
  for package in "$DEPS/work/sysroot-arm64"/*.deb; do
    dpkg -x "$package" "$sysroot"
  done
}

# once NAME RECIPE COMMAND...: runs the command unless it was done before by the same recipe (text that describes it).
once() {
  local stamp=$DEPS/stamps/$1 recipe
  recipe=$(sha256sum <<<"$2" | cut -d' ' -f1)
  [[ -f $stamp && $(<"$stamp") == "$recipe" ]] && return 0
  mkdir -p "$DEPS/stamps"
  step "$1" "${@:3}"
  printf '%s\n' "$recipe" >"$stamp"
}
