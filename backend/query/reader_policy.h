// The content policy at the edges of a query: what a reader may ask, what is redacted
// before anything is read from it, and what lists and errors may show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/log_record.h"
#include "model/trace.h"
#include "query/datasource.h"
#include "query/pipeline.h"
#include "settings/query.h"
#include "stores/store.h"

namespace spanlog::query {

// kFull for the terminal.
policy::ContentLevel LevelOf(const Datasource& datasource, const Reader& reader);

// PermissionDenied when the question itself would get round the policy: LogQL can cut a text up and
// give it other names, and a search by content tells what it does not show.
absl::Status CheckQuestion(const Datasource& datasource, const Reader& reader,
                           const settings::Query& query);

// Takes what the rules name out of what was fetched. Before genai::Read; the searches for records
// are made before, because their keys may be redacted.
void RedactFetched(const Datasource& datasource, const Reader& reader, Trace& trace,
                   LogBatch& logs);

// The same for what a search found: its first messages are read from these attributes.
void RedactFound(const Datasource& datasource, const Reader& reader,
                 std::vector<stores::TraceSummary>& found);

// The values of an attribute or label as a list may show them; errors too. PermissionDenied when
// the key holds content that the reader may not see.
absl::StatusOr<std::vector<std::string>> VisibleValues(
    const Datasource& datasource, const Reader& reader, std::string_view key,
    absl::StatusOr<std::vector<std::string>> values);

// The same failure with the rules applied to its words, which may quote a store's.
absl::Status VisibleError(const Datasource& datasource, const Reader& reader, absl::Status status);

// One text of content outside of a trace (the first message in a search result), for this reader.
std::string VisibleContent(const Datasource& datasource, const Reader& reader, std::string text);
// One text that is no content (a name): the rules hold, the level does not.
std::string VisibleName(const Datasource& datasource, const Reader& reader, std::string text);

}  // namespace spanlog::query
