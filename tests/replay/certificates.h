// Certificates for tests, made on the spot.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace spanlog::replay {

struct Identity {
  std::string certificate_pem;
  std::string key_pem;
};

// A certificate authority of its own.
class Authority {
 public:
  explicit Authority(const std::string& name);
  ~Authority();

  const std::string& certificate_pem() const;
  // `names` are DNS names or IP addresses; the first is the common name. `days` < 0: expired.
  Identity Issue(const std::vector<std::string>& names, int days = 1) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spanlog::replay
