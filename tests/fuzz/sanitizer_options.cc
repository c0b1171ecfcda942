// More memory than any input may ask for, and a leak, are findings.
extern "C" {

__attribute__((used)) const char* __asan_default_options() {
  return "detect_stack_use_after_return=1:strict_string_checks=1:max_allocation_size_mb=2048:"
         "hard_rss_limit_mb=4096:handle_abort=1";
}

__attribute__((used)) const char* __ubsan_default_options() { return "print_stacktrace=1"; }

}  // extern "C"
