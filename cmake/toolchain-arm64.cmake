# Cross build for 64-bit ARM with Debian's cross compiler and the sysroot that `scripts/setup --arm64` unpacks.
# The C library and libstdc++ come with the cross compiler; only the other libraries come from the sysroot.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)

get_filename_component(spanlog_root ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
set(SPANLOG_SYSROOT ${spanlog_root}/.deps/sysroot-arm64 CACHE PATH "Unpacked arm64 libraries")

set(CMAKE_FIND_ROOT_PATH ${SPANLOG_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
