#include <gtest/gtest.h>

#include "export/export.h"
#include "run_testing.h"

namespace spanlog::exports {
namespace {

TEST(MarkdownTest, FencesEveryText) {
  RunBuilder run = AgentRun();
  EXPECT_EQ(Export(run.woven(), Format::kMarkdown), R"(# travel: invoke\_agent travel · 1.2 s

Trace `0af7651916cd43dd8448eb211c80319c`

## chat gpt-4o · 1.2 s

**system**

```text
Be brief.
```

**user**

```text
Weather in Paris?
```

**assistant calls get\_weather (call\_1)**

```json
{"city":"Paris"}
```

## chat gpt-4o · 1.2 s

**result of get\_weather (call\_1)**

```text
rain <b>
```

**assistant**

````text
It rains.

```
bring umbrella
```
````
)");
}

TEST(MarkdownTest, LetsNoNameBeMarkup) {
  RunBuilder run;
  run.Span("a", "", "<img src=x> [a](b)\n# c");
  run.Message("a", "user", "x");
  const std::string text = Export(run.woven(), Format::kMarkdown);
  EXPECT_NE(text.find("## \\<img src=x\\> \\[a\\](b) \\# c · 1.2 s\n"), std::string::npos) << text;
}

TEST(MarkdownTest, LetsNoControlCharacterThroughAndNoFenceEndEarly) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message("a", "user", "\x1b[2Jx\r```\r# out\n~~~~\n`````\n");
  const std::string text = Export(run.woven(), Format::kMarkdown);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_NE(text.find("\n``````text\n␛[2Jx␍```␍# out\n~~~~\n`````\n``````\n"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace spanlog::exports
