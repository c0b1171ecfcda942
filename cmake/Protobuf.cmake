# Generated code: .proto and .fbs files into libraries.
#
#   spanlog_proto_library(<target> <file.proto>...)       messages
#   spanlog_grpc_library(<target> <file.proto>...)        messages and services
#   spanlog_flatbuffers_library(<target> <file.fbs>...)   headers only
#
# Files are named relative to the calling CMakeLists.txt; headers are included as they lie below backend/, so
# backend/proto/x.proto becomes "proto/x.pb.h". Generated code is compiled without warnings.
include_guard(GLOBAL)
include(${CMAKE_CURRENT_LIST_DIR}/Dependencies.cmake)

find_program(SPANLOG_PROTOC protoc REQUIRED)
find_program(SPANLOG_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
find_program(SPANLOG_FLATC flatc REQUIRED)
set(SPANLOG_GENERATED ${PROJECT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${SPANLOG_GENERATED})

function(spanlog_generate_proto target with_grpc)
  set(root ${PROJECT_SOURCE_DIR}/backend)
  set(sources "")
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${root} OUTPUT_VARIABLE relative)
    cmake_path(REMOVE_EXTENSION relative LAST_ONLY OUTPUT_VARIABLE stem)
    set(outputs ${SPANLOG_GENERATED}/${stem}.pb.cc ${SPANLOG_GENERATED}/${stem}.pb.h)
    set(arguments --proto_path=${root} --cpp_out=${SPANLOG_GENERATED})
    if(with_grpc)
      list(APPEND outputs ${SPANLOG_GENERATED}/${stem}.grpc.pb.cc ${SPANLOG_GENERATED}/${stem}.grpc.pb.h)
      list(APPEND arguments
        --plugin=protoc-gen-grpc=${SPANLOG_GRPC_PLUGIN} --grpc_out=${SPANLOG_GENERATED})
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND ${SPANLOG_PROTOC} ${arguments} ${file}
      DEPENDS ${file}
      COMMENT "protoc ${relative}"
      VERBATIM)
    list(APPEND sources ${outputs})
  endforeach()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} SYSTEM PUBLIC ${SPANLOG_GENERATED})
  target_compile_options(${target} PRIVATE -w -ffunction-sections -fdata-sections)
  if(with_grpc)
    target_link_libraries(${target} PUBLIC spanlog::grpc)
  else()
    target_link_libraries(${target} PUBLIC spanlog::protobuf)
  endif()
endfunction()

function(spanlog_proto_library target)
  spanlog_generate_proto(${target} FALSE ${ARGN})
endfunction()

function(spanlog_grpc_library target)
  spanlog_generate_proto(${target} TRUE ${ARGN})
endfunction()

function(spanlog_flatbuffers_library target)
  set(root ${PROJECT_SOURCE_DIR}/backend)
  set(headers "")
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${root} OUTPUT_VARIABLE relative)
    cmake_path(GET relative PARENT_PATH folder)
    cmake_path(GET relative STEM stem)
    set(header ${SPANLOG_GENERATED}/${folder}/${stem}_generated.h)
    add_custom_command(
      OUTPUT ${header}
      COMMAND ${SPANLOG_FLATC} --cpp -o ${SPANLOG_GENERATED}/${folder} ${file}
      DEPENDS ${file}
      COMMENT "flatc ${relative}"
      VERBATIM)
    list(APPEND headers ${header})
  endforeach()
  add_custom_target(${target}_headers DEPENDS ${headers})
  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_headers)
  target_include_directories(${target} SYSTEM INTERFACE ${SPANLOG_GENERATED})
  target_link_libraries(${target} INTERFACE spanlog::flatbuffers)
endfunction()
