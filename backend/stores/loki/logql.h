// Writing LogQL. Everything that comes from a trace or a person goes through here, so that no value
// can end the string it is put into.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spanlog::stores {

// A double-quoted LogQL string with Go's escapes. Bytes that are no UTF-8 become U+FFFD.
std::string LogQlString(std::string_view text);

// RE2's special characters escaped, so that `text` matches itself.
std::string RegexLiteral(std::string_view text);

// `label=~"a|b"` with every value matched literally.
std::string AnyOfMatcher(std::string_view label, const std::vector<std::string>& values);

// A letter, a digit or `_`: what Loki's names are made of.
bool IsLokiNameChar(char c);

// Loki's spelling of an attribute key: `session.id` -> `session_id`. Runs of `_` become one.
std::string LokiName(std::string_view key);

// True when `query` is a stream selector and nothing else: `{app="x"}`.
bool IsBareSelector(std::string_view query);

// True when `query` is a stream selector and line filters (|= != |~ !~ |> !>): nothing that takes a
// line apart or gives it another form.
bool IsSelectorWithLineFilters(std::string_view query);

}  // namespace spanlog::stores
