// `spanlog`: the plugin's own pipeline from a terminal.
#include "cli/run.h"
#include "http/init.h"

int main(int argc, char** argv) {
  spanlog::http::InitProcess();
  return spanlog::cli::Run(argc, argv);
}
