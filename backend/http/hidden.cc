#include "http/hidden.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace spanlog::http {
namespace {

constexpr size_t kLeastSecret = 6;
constexpr std::string_view kOwnHeaders[] = {"Accept",
                                            "Accept-Encoding",
                                            "Content-Type",
                                            "User-Agent",
                                            "Expect",
                                            "Host",
                                            "X-Loki-Response-Encoding-Flags"};

class Secrets {
 public:
  void Add(std::string_view value) {
    value = TrimSpace(value);
    if (value.size() >= kLeastSecret) all_.emplace_back(value);
  }
  // A header's value, and the words and cookies in it.
  void AddHeader(std::string_view value) {
    Add(value);
    while (!value.empty()) {
      const size_t end = std::min(value.find_first_of(" ;,"), value.size());
      const std::string_view word = value.substr(0, end);
      const size_t equals = word.find('=');
      // "session=abc", but no base64 with its = at the end.
      const bool is_pair = equals != word.npos && equals + 2 < word.size();
      if (!EqualsIgnoreCase(word, "bearer")) Add(is_pair ? word.substr(equals + 1) : word);
      value.remove_prefix(std::min(end + 1, value.size()));
    }
  }
  void HideIn(std::string& text) {
    // The longest first: a part of a secret must not be all that is hidden of it.
    std::sort(all_.begin(), all_.end(),
              [](const auto& a, const auto& b) { return a.size() > b.size(); });
    constexpr std::string_view kHidden = "[hidden]";
    for (const std::string& secret : all_) {
      for (size_t at = text.find(secret); at != text.npos;
           at = text.find(secret, at + kHidden.size())) {
        text.replace(at, secret.size(), kHidden);
      }
    }
  }

 private:
  std::vector<std::string> all_;
};

}  // namespace

void HideSent(const ClientOptions& options, std::string_view url, const curl_slist* sent,
              std::string& body) {
  Secrets secrets;
  secrets.Add(options.basic_password);
  const size_t authority = url.find("://");
  if (authority != url.npos) {
    std::string_view user = url.substr(authority + 3);
    user = user.substr(0, user.find_first_of("/?#"));
    const size_t at = user.rfind('@');
    const size_t colon = user.find(':');
    if (at != user.npos && colon < at) secrets.Add(user.substr(colon + 1, at - colon - 1));
  }
  for (; sent != nullptr; sent = sent->next) {
    const std::string_view line = sent->data;
    const size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string_view name = line.substr(0, colon);
    const bool own =
        std::any_of(std::begin(kOwnHeaders), std::end(kOwnHeaders),
                    [&](std::string_view each) { return EqualsIgnoreCase(each, name); });
    if (!own) secrets.AddHeader(line.substr(colon + 1));
  }
  secrets.HideIn(body);
}

}  // namespace spanlog::http
