// What a static executable must set before the first connection.
#pragma once

namespace spanlog::http {

// Call at the start of main, before any thread; further calls do nothing. Client::Create calls it
// as well.
// - Host names are resolved from /etc/hosts and DNS only, whatever nsswitch.conf says: other
//   modules would be loaded from the host, and a foreign C library's module may crash us.
// - OpenSSL does not read the host's openssl.cnf: it may name providers to load.
// - A peer that closes its socket is an error of that write, not a SIGPIPE.
void InitProcess();

}  // namespace spanlog::http
