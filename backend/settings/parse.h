// The parse behind ParseSettings, open to known_keys.cc.
#pragma once

#include "nlohmann/json.hpp"
#include "settings/object_reader.h"
#include "settings/settings.h"

namespace spanlog::settings {

// Reads every key there is, so that state.keys names them all. The result counts only when
// state.error is ok.
Settings ReadSettings(const RawSettings& raw, const nlohmann::json& json_data, ReadState& state);

}  // namespace spanlog::settings
