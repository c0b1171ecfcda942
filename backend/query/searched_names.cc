#include "query/searched_names.h"

namespace spanlog::query {
namespace {

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == ':' || c == '-' || c == '@' || c == '/' || (c & 0x80) != 0;
}

}  // namespace

std::vector<std::string> SearchedNames(std::string_view query) {
  std::vector<std::string> names;
  std::string name;
  for (size_t at = 0; at <= query.size(); ++at) {
    const char c = at < query.size() ? query[at] : ' ';
    if (IsNameChar(c)) {
      name.push_back(c);
    } else if (c == '"' || c == '`') {
      std::string quoted;
      for (++at; at < query.size() && query[at] != c; ++at) {
        quoted.push_back(query[at]);
        if (query[at] == '\\' && c == '"' && at + 1 < query.size()) quoted.push_back(query[++at]);
      }
      const size_t next = query.find_first_not_of(" \t\r\n", at + 1);
      const bool is_compared = next != query.npos && std::string_view("=!<>~").find(query[next]) !=
                                                         std::string_view::npos;
      if (!name.empty() || is_compared) name += quoted;
    } else if (!name.empty()) {
      names.push_back(std::move(name));
      name.clear();
    }
  }
  return names;
}

}  // namespace spanlog::query
