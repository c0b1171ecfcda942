#include "host/controller.h"

namespace spanlog::host {
namespace {

class ShutdownCall final : public grpc::ServerUnaryReactor {
 public:
  explicit ShutdownCall(Core& core) : core_(core) { Finish(grpc::Status::OK); }
  void OnDone() override {
    core_.on_shutdown();
    delete this;
  }

 private:
  Core& core_;
};

}  // namespace

grpc::ServerUnaryReactor* ControllerService::Shutdown(grpc::CallbackServerContext* /*call*/,
                                                      const plugin::Empty* /*request*/,
                                                      plugin::Empty* /*response*/) {
  return new ShutdownCall(core_);
}

}  // namespace spanlog::host
