#include "host/query_data.h"

#include <atomic>
#include <utility>
#include <vector>

#include "base/text.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "host/query_response.h"
#include "host/query_task.h"
#include "host/request.h"

namespace spanlog::host {
namespace {

// Lives from the request's arrival until gRPC is done with it. Finish is called once, by whoever
// ends the last query.
class QueryDataCall final : public grpc::ServerUnaryReactor {
 public:
  QueryDataCall(Core& core, grpc::ByteBuffer* response) : core_(core), response_(response) {}

  void Start(const grpc::CallbackServerContext& call, grpc::ByteBuffer request) {
    const grpc::Status parsed =
        grpc::SerializationTraits<pluginv2::QueryDataRequest>::Deserialize(&request, &request_);
    if (!parsed.ok()) return Finish({grpc::StatusCode::INTERNAL, "the request cannot be read"});
    facts_ = FactsOf(call, request_.plugincontext(), request_.headers());
    results_.resize(request_.queries_size());
    left_.store(request_.queries_size() + 1);
    const absl::StatusOr<Instance> instance =
        core_.instances.Get(request_.plugincontext(), facts_.tenant);
    for (int i = 0; i < request_.queries_size(); ++i) {
      if (instance.ok()) {
        StartQuery(*instance, i);
      } else {
        End(i, Failed(instance.status(), request_.queries(i), facts_));
      }
    }
    EndOne();
  }

  void OnCancel() override { facts_.cancellation->Cancel(); }
  void OnDone() override { delete this; }

 private:
  void StartQuery(const Instance& instance, int i) {
    const bool waits = instance.slots->Acquire([this, instance, i] {
      const bool runs = core_.pool.Submit([this, instance, i] {
        QueryResult result = RunQuery(*instance.backend, request_.queries(i), facts_);
        instance.slots->Release();
        End(i, std::move(result));
      });
      if (runs) return;
      instance.slots->Release();
      End(i, Failed(absl::ResourceExhaustedError(
                        "Too many queries wait for Spanlog; try again in a moment."),
                    request_.queries(i), facts_));
    });
    if (waits) return;
    End(i, Failed(absl::ResourceExhaustedError(Concat(
                      "Too many queries of this datasource wait: ", instance.slots->limit(),
                      " run at once. Try again in a moment, or raise limits.concurrentQueries "
                      "in the datasource's settings.")),
                  request_.queries(i), facts_));
  }

  void End(int i, QueryResult result) {
    results_[i] = std::move(result);
    EndOne();
  }

  // After the last call of it, *this may be gone.
  void EndOne() {
    if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (facts_.cancellation->cancelled()) return Finish(grpc::Status::CANCELLED);
    std::vector<std::pair<std::string, QueryResult>> results;
    results.reserve(results_.size());
    for (int i = 0; i < request_.queries_size(); ++i) {
      results.emplace_back(request_.queries(i).refid(), std::move(results_[i]));
    }
    *response_ = EncodeQueryResponse(std::move(results));
    Finish(grpc::Status::OK);
  }

  Core& core_;
  grpc::ByteBuffer* const response_;
  pluginv2::QueryDataRequest request_;
  RequestFacts facts_;
  std::vector<QueryResult> results_;  // each query writes its own
  std::atomic<int> left_{0};
};

}  // namespace

grpc::ServerUnaryReactor* DataService::QueryData(grpc::CallbackServerContext* call,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  auto* reactor = new QueryDataCall(core_, response);
  reactor->Start(*call, *request);
  return reactor;
}

}  // namespace spanlog::host
