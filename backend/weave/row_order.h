// The order in which rows are drawn.
#pragma once

#include <vector>

#include "weave/woven.h"

namespace spanlog::weave {

// By start in ns, spans before log spans at the same instant, otherwise as they are.
void OrderRows(std::vector<Row>& rows);

}  // namespace spanlog::weave
