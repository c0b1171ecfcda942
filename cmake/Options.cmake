# How Spanlog's own code is compiled and linked.
#
# Every own target links spanlog_options; an executable that ships also calls spanlog_static_executable().
include_guard(GLOBAL)

option(SPANLOG_WERROR "Warnings in Spanlog's own code are errors" OFF)
set(SPANLOG_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")

find_program(SPANLOG_CCACHE ccache)
if(SPANLOG_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${SPANLOG_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SPANLOG_CCACHE})
endif()

# The machine the result runs on, in Go's words: Grafana looks for gpx_<name>_<os>_<arch>.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(SPANLOG_ARCH arm64)
else()
  set(SPANLOG_ARCH amd64)
endif()

add_library(spanlog_options INTERFACE)
target_compile_options(spanlog_options INTERFACE
  -Wall -Wextra -ffunction-sections -fdata-sections
  # What ships checks its stack and its libc calls, and names no folder of the machine that built it.
  $<$<CONFIG:Release>:-fstack-protector-strong>
  $<$<CONFIG:Release>:-U_FORTIFY_SOURCE>
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>
  $<$<CONFIG:Release>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>
  $<$<BOOL:${SPANLOG_WERROR}>:-Werror>)
target_include_directories(spanlog_options INTERFACE ${PROJECT_SOURCE_DIR}/backend)

# Sanitizers must see every object, generated code too, so they are set for the whole directory tree.
if(SPANLOG_SANITIZE)
  add_compile_options(-fsanitize=${SPANLOG_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SPANLOG_SANITIZE})
  if(SPANLOG_SANITIZE MATCHES undefined)
    # "undefined" leaves out casts of numbers that do not fit, which stores may send. A finding must
    # fail the test, not only print a line.
    add_compile_options(-fsanitize=float-cast-overflow
                        -fno-sanitize-recover=undefined,float-cast-overflow)
  endif()
endif()
# libFuzzer learns from it what an input covers and what it was compared with.
if(SPANLOG_FUZZ AND CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  target_compile_options(spanlog_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Makes `target` one file that runs on any Linux, in an empty chroot too: no loader, no shared library.
# Sanitizers cannot be linked statically; with them it is an ordinary executable.
# Either way the executable lands in <build>/bin, where the scripts look for it.
function(spanlog_static_executable target)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  if(SPANLOG_SANITIZE)
    return()
  endif()
  target_link_options(${target} PRIVATE
    -static-pie -Wl,--gc-sections -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
  # Relative relocations packed into bits: 0.8 MB less to ship and to read at the start.
  if(SPANLOG_ARCH STREQUAL amd64)
    target_link_options(${target} PRIVATE -Wl,-z,pack-relative-relocs)
  endif()
endfunction()
