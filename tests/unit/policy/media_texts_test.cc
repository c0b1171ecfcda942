#include "policy/media_texts.h"

#include <gtest/gtest.h>

#include <string>

namespace spanlog::policy {
namespace {

std::string Without(std::string_view text) {
  Arena arena;
  return std::string(WithoutMedia(text, arena));
}

const std::string kBlob(400, 'A');

TEST(MediaTextsTest, TakesDataUrlsAndLongBase64Out) {
  EXPECT_EQ(Without("see data:image/png;base64,iVBORw0KGgo= here"),
            "see [media withheld by policy] here");
  EXPECT_EQ(Without("blob " + kBlob + "."), "blob [media withheld by policy].");
}

TEST(MediaTextsTest, TakesMediaPartsOfEveryApiOut) {
  for (const char* text :
       {R"([{"type":"image_url","image_url":{"url":"https://x/MARK.png"}}])",
        R"([{"type":"input_audio","input_audio":{"data":"MARK","format":"wav"}}])",
        R"([{"type":"image","source":{"type":"url","url":"https://x/MARK"}}])",
        R"([{"image":{"format":"png","source":{"bytes":"MARK"}}}])",
        R"({"parts":[{"inline_data":{"mime_type":"image/png","data":"MARK"}}]})",
        R"({"parts":[{"fileData":{"fileUri":"gs://MARK"}}]})",
        R"([{"type":"uri","modality":"image","uri":"https://x/MARK"}])",
        R"({"input":"[{\"image_url\":\"https://x/MARK\"}]"})"}) {
    const std::string clean = Without(text);
    EXPECT_EQ(clean.find("MARK"), std::string::npos) << clean;
    EXPECT_NE(clean.find("[media withheld by policy]"), std::string::npos) << clean;
  }
}

TEST(MediaTextsTest, LeavesEverythingElseAsItIs) {
  for (const char* text : {"plain text", R"({"url":"https://example.org","source":"web"})",
                           "0af7651916cd43dd8448eb211c80319c", R"({"data":"short"})"}) {
    EXPECT_EQ(Without(text), text);
  }
}

TEST(MediaTextsTest, KnowsTheFlattenedNames) {
  EXPECT_TRUE(
      IsMediaKey("llm.input_messages.0.message.contents.1.message_content.image.image.url"));
  EXPECT_FALSE(IsMediaKey("http.url"));
}

}  // namespace
}  // namespace spanlog::policy
