#include "replay/message.h"

#include <algorithm>

#include "base/text.h"

namespace spanlog::replay {
namespace {

std::string_view First(const Pairs& pairs, std::string_view key) {
  for (const auto& [name, value] : pairs) {
    if (name == key) return value;
  }
  return "";
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AddParams(std::string_view text, Pairs& params) {
  while (!text.empty()) {
    const size_t end = text.find('&');
    const std::string_view item = text.substr(0, end);
    const size_t equals = item.find('=');
    if (!item.empty()) {
      params.emplace_back(PercentDecode(item.substr(0, equals), true),
                          equals == item.npos ? "" : PercentDecode(item.substr(equals + 1), true));
    }
    text = end == text.npos ? "" : text.substr(end + 1);
  }
}

}  // namespace

std::string_view Request::Header(std::string_view name) const { return First(headers, name); }

int Request::HeaderCount(std::string_view name) const {
  return static_cast<int>(std::count_if(headers.begin(), headers.end(),
                                        [&](const auto& pair) { return pair.first == name; }));
}

bool Request::HasParam(std::string_view name) const {
  return std::any_of(params.begin(), params.end(),
                     [&](const auto& pair) { return pair.first == name; });
}

std::string_view Request::Param(std::string_view name) const { return First(params, name); }

std::string PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i] == '+' && plus_is_space ? ' ' : text[i]);
    }
  }
  return out;
}

void ParseTarget(Request& request) {
  std::string_view target = request.target;
  const size_t question = target.find('?');
  request.path = PercentDecode(target.substr(0, question), false);
  if (question != target.npos) AddParams(target.substr(question + 1), request.params);
  if (StartsWith(request.Header("content-type"), "application/x-www-form-urlencoded")) {
    AddParams(request.body, request.params);
  }
}

Reply TextReply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

Reply JsonReply(std::string body) {
  Reply reply;
  reply.content_type = "application/json";
  reply.body = std::move(body);
  return reply;
}

}  // namespace spanlog::replay
