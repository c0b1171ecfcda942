// What a record that carries a call but no content is called.
#pragma once

#include <string>

#include "genai/fields.h"

namespace spanlog::genai {

// "chat gpt-5": operation and model as far as the fields name them.
std::string CallTitle(const Fields& fields);

}  // namespace spanlog::genai
