#include "weave/prices.h"

#include <gtest/gtest.h>

namespace spanlog::weave {
namespace {

CallUsage Usage(std::string_view model, int64_t input, int64_t output) {
  CallUsage usage;
  usage.model = model;
  usage.input_tokens = input;
  usage.output_tokens = output;
  return usage;
}

TEST(PricesTest, TakesTheEmittedCostFirst) {
  CallUsage usage = Usage("m", 1'000'000, 0);
  usage.cost_usd = 0.5;
  EXPECT_DOUBLE_EQ(CostOf(usage, {{"*", 3, 15, -1, -1}}), 0.5);
}

TEST(PricesTest, PricesCachedTokensApart) {
  CallUsage usage = Usage("m", 1'000'000, 100'000);
  usage.cache_read_tokens = 400'000;
  usage.cache_write_tokens = 100'000;
  EXPECT_DOUBLE_EQ(CostOf(usage, {{"m", 2, 10, 0.2, 2.5}}), 1.0 + 0.08 + 0.25 + 1.0);
}

TEST(PricesTest, KnowsNoPriceWithoutATable) {
  EXPECT_EQ(CostOf(Usage("m", 1, 1), {}), -1);
  EXPECT_EQ(CostOf(Usage("m", -1, -1), {{"*", 1, 1, -1, -1}}), -1);
}

}  // namespace
}  // namespace spanlog::weave
