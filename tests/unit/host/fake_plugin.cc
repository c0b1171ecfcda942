// The whole process with a double behind it: for tests that start and stop it.
#include <chrono>
#include <thread>

#include "host/resources/routes.h"
#include "host/run.h"
#include "tests/unit/host/fakes.h"

int main() {
  static spanlog::host::FakeOpener opener;
  opener.prepare = [](spanlog::host::FakeBackend& backend) {
    // Hangs and does not listen to cancellation: the worst that can hold the end up.
    backend.run = [](const auto&, const auto&, const auto&, const auto&) {
      std::this_thread::sleep_for(std::chrono::seconds(60));
      return spanlog::query::Answer{};
    };
  };
  return spanlog::host::RunPlugin(opener.Function(), spanlog::host::AllRoutes(), "0.0.0");
}
