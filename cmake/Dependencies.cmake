# Third-party libraries, all as static archives, under the names spanlog::<library>.
#
# Debian's own gRPCConfig.cmake and abslTargets.cmake point at shared objects and pkg-config's list for
# grpc++_unsecure is incomplete, so the archives are named here. libcurl and simdjson are built by scripts/setup
# because Debian ships no archive of them that links statically.
#
# spanlog::grpc  spanlog::protobuf  spanlog::absl  spanlog::re2  spanlog::curl  spanlog::simdjson  spanlog::openssl
# spanlog::zlib  spanlog::zstd  spanlog::flatbuffers  spanlog::json, and in native builds
# spanlog::boost and GTest::
include_guard(GLOBAL)
include(${CMAKE_CURRENT_LIST_DIR}/Options.cmake)

find_package(Threads REQUIRED)

set(SPANLOG_DEPS ${PROJECT_SOURCE_DIR}/.deps/${SPANLOG_ARCH} CACHE PATH "Libraries built by scripts/setup")
if(SPANLOG_ARCH STREQUAL arm64)
  set(spanlog_setup "scripts/setup --arm64")
else()
  set(spanlog_setup "scripts/setup")
endif()
foreach(file IN ITEMS lib/libcurl.a include/curl/curl.h lib/libsimdjson.a include/simdjson.h)
  if(NOT EXISTS ${SPANLOG_DEPS}/${file})
    message(FATAL_ERROR "${SPANLOG_DEPS}/${file} is missing: run ${spanlog_setup}")
  endif()
endforeach()

# Where the distribution's archives are. A cross build has them in an unpacked sysroot (see toolchain-arm64.cmake).
if(CMAKE_CROSSCOMPILING)
  set(spanlog_usr ${SPANLOG_SYSROOT}/usr)
  set(spanlog_system_includes ${spanlog_usr}/include ${spanlog_usr}/include/${CMAKE_LIBRARY_ARCHITECTURE})
else()
  set(spanlog_usr /usr)
  set(spanlog_system_includes "")
endif()
set(spanlog_lib ${spanlog_usr}/lib/${CMAKE_LIBRARY_ARCHITECTURE})

# One imported target for one or more archives that may refer to each other in any order. Several archives
# become one linker script, so that CMake can neither reorder nor repeat them.
function(spanlog_archives name)
  foreach(archive IN LISTS ARGN)
    if(NOT EXISTS ${archive})
      message(FATAL_ERROR "${archive} is missing: run ${spanlog_setup}")
    endif()
  endforeach()
  list(LENGTH ARGN count)
  if(count EQUAL 1)
    set(location ${ARGN})
  else()
    list(JOIN ARGN "\n  " members)
    set(location ${PROJECT_BINARY_DIR}/archives/lib${name}.a)
    file(CONFIGURE OUTPUT ${location} CONTENT "GROUP (\n  ${members}\n)\n" @ONLY)
  endif()
  add_library(spanlog::${name} STATIC IMPORTED GLOBAL)
  set_target_properties(spanlog::${name} PROPERTIES
    IMPORTED_LOCATION ${location}
    INTERFACE_INCLUDE_DIRECTORIES "${spanlog_system_includes}")
endfunction()

function(spanlog_headers name header)
  if(NOT EXISTS ${spanlog_usr}/include/${header})
    message(FATAL_ERROR "${spanlog_usr}/include/${header} is missing: run ${spanlog_setup}")
  endif()
  add_library(spanlog::${name} INTERFACE IMPORTED GLOBAL)
  set_target_properties(spanlog::${name} PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${spanlog_system_includes}")
endfunction()

file(GLOB absl_archives ${spanlog_lib}/libabsl_*.a)
if(NOT absl_archives)
  message(FATAL_ERROR "no abseil archives in ${spanlog_lib}: run ${spanlog_setup}")
endif()
spanlog_archives(absl ${absl_archives})
target_link_libraries(spanlog::absl INTERFACE Threads::Threads rt)

spanlog_archives(zlib ${spanlog_lib}/libz.a)
spanlog_archives(zstd ${spanlog_lib}/libzstd.a)
spanlog_archives(cares ${spanlog_lib}/libcares.a)
spanlog_archives(openssl ${spanlog_lib}/libssl.a ${spanlog_lib}/libcrypto.a)
target_link_libraries(spanlog::openssl INTERFACE Threads::Threads ${CMAKE_DL_LIBS})

spanlog_archives(re2 ${spanlog_lib}/libre2.a)
target_link_libraries(spanlog::re2 INTERFACE Threads::Threads)

spanlog_archives(protobuf ${spanlog_lib}/libprotobuf.a)
target_link_libraries(spanlog::protobuf INTERFACE spanlog::zlib Threads::Threads)

# gRPC without TLS: it only listens on a local unix socket, and that saves 6 MB.
spanlog_archives(grpc
  ${spanlog_lib}/libgrpc++_unsecure.a ${spanlog_lib}/libgrpc_unsecure.a ${spanlog_lib}/libgpr.a
  ${spanlog_lib}/libupb.a ${spanlog_lib}/libaddress_sorting.a)
target_link_libraries(spanlog::grpc INTERFACE
  spanlog::protobuf spanlog::absl spanlog::re2 spanlog::cares spanlog::zlib Threads::Threads ${CMAKE_DL_LIBS})

add_library(spanlog::curl STATIC IMPORTED GLOBAL)
set_target_properties(spanlog::curl PROPERTIES
  IMPORTED_LOCATION ${SPANLOG_DEPS}/lib/libcurl.a
  INTERFACE_INCLUDE_DIRECTORIES ${SPANLOG_DEPS}/include
  INTERFACE_COMPILE_DEFINITIONS CURL_STATICLIB)
target_link_libraries(spanlog::curl INTERFACE spanlog::cares spanlog::openssl spanlog::zstd spanlog::zlib)

add_library(spanlog::simdjson STATIC IMPORTED GLOBAL)
set_target_properties(spanlog::simdjson PROPERTIES
  IMPORTED_LOCATION ${SPANLOG_DEPS}/lib/libsimdjson.a
  INTERFACE_INCLUDE_DIRECTORIES ${SPANLOG_DEPS}/include)
target_link_libraries(spanlog::simdjson INTERFACE Threads::Threads)

spanlog_headers(flatbuffers flatbuffers/flatbuffers.h)
spanlog_headers(json nlohmann/json.hpp)

# What only tests use is not cross-built.
if(NOT CMAKE_CROSSCOMPILING)
  spanlog_headers(boost boost/version.hpp)
  find_package(GTest REQUIRED)
endif()
