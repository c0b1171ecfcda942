#include "replay/wire.h"

#include <zlib.h>

#include "base/text.h"

namespace spanlog::replay {
namespace {

// As Go's gzip middlewares: a packet's worth is not compressed.
constexpr size_t kWorthCompressing = 1400;

std::string Deflate(std::string_view text, z_stream& stream, int (*step)(z_streamp, int),
                    bool& whole) {
  std::string out, block(64 * 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  int code = Z_OK;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    code = step(&stream, Z_FINISH);
    out.append(block.data(), block.size() - stream.avail_out);
  } while (code == Z_OK || (code == Z_BUF_ERROR && stream.avail_out == 0));
  whole = code == Z_STREAM_END;
  return out;
}

std::string_view Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 302:
      return "Found";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    default:
      return "Status";
  }
}

bool HasContentEncoding(const Reply& reply) {
  for (const auto& [name, value] : reply.headers) {
    if (EqualsIgnoreCase(name, "Content-Encoding")) return true;
  }
  return false;
}

}  // namespace

std::string Gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  bool whole = false;
  std::string out = Deflate(text, stream, deflate, whole);
  deflateEnd(&stream);
  return out;
}

std::string Gunzip(std::string_view text) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  bool whole = false;
  std::string out = Deflate(text, stream, inflate, whole);
  inflateEnd(&stream);
  return whole ? out : "";
}

WireAnswer ToWire(const Answer& answer, const Request& request) {
  const Reply& reply = answer.reply;
  WireAnswer wire;
  wire.body = reply.body;
  if (answer.trouble == Trouble::kRaw) {
    wire.close = true;
    return wire;
  }
  bool gzip = reply.compress && reply.body.size() >= kWorthCompressing &&
              Contains(request.Header("accept-encoding"), "gzip") && !HasContentEncoding(reply);
  if (gzip) wire.body = Gzip(reply.body);
  if (answer.trouble == Trouble::kTruncateGzip) {
    wire.body = Gzip(reply.body);
    wire.body.resize(wire.body.size() / 2);
    gzip = true;
  } else if (answer.trouble == Trouble::kBrokenGzip) {
    wire.body = reply.body;
    gzip = true;
  }
  wire.head = Concat("HTTP/1.1 ", reply.status, " ", Reason(reply.status), "\r\n");
  if (!reply.content_type.empty()) Append(wire.head, "Content-Type: ", reply.content_type, "\r\n");
  Append(wire.head, "Content-Length: ", wire.body.size(), "\r\n");
  if (gzip) Append(wire.head, "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n");
  for (const auto& [name, value] : reply.headers) Append(wire.head, name, ": ", value, "\r\n");
  wire.close = EqualsIgnoreCase(request.Header("connection"), "close");
  if (wire.close) Append(wire.head, "Connection: close\r\n");
  Append(wire.head, "\r\n");
  if (request.method == "HEAD") wire.body.clear();
  return wire;
}

}  // namespace spanlog::replay
