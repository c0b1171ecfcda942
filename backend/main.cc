// Spanlog's backend, started by Grafana. Everything is in host/ and the rooms below it.
#include "host/query_backend.h"
#include "host/resources/routes.h"
#include "host/run.h"
#include "http/init.h"

int main() {
  spanlog::http::InitProcess();
  return spanlog::host::RunPlugin(spanlog::host::OpenQueryBackend, spanlog::host::AllRoutes(),
                                  SPANLOG_VERSION);
}
