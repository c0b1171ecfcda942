#include "base/cancellation.h"

#include <gtest/gtest.h>

namespace spanlog {
namespace {

TEST(CancellationTest, RunsEachCallbackOnce) {
  Cancellation cancellation;
  int calls = 0;
  cancellation.OnCancel([&] { ++calls; });

  cancellation.Cancel();
  cancellation.Cancel();

  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(cancellation.cancelled());
}

TEST(CancellationTest, RunsALateCallbackAtOnce) {
  Cancellation cancellation;
  cancellation.Cancel();
  bool called = false;
  cancellation.OnCancel([&] { called = true; });

  EXPECT_TRUE(called);
}

TEST(CancellationTest, ForgetsARemovedCallback) {
  Cancellation cancellation;
  bool called = false;
  const uint64_t handle = cancellation.OnCancel([&] { called = true; });

  cancellation.Remove(handle);
  cancellation.Cancel();

  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace spanlog
