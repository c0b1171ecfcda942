#include "query/views.h"

#include "frame/table.h"
#include "views/logs_view.h"
#include "views/node_graph.h"
#include "views/roll_up_table.h"

namespace spanlog::query {

std::vector<Rope> EncodeViews(const weave::Woven& woven, const RecordLinks& links,
                              const settings::Settings& settings, const settings::Query& query,
                              const std::string& ref_id) {
  std::vector<Rope> frames;
  if (query.view_logs) {
    views::LogsViewOptions options;
    options.ref_id = ref_id;
    options.datasource_uid = settings.uid;
    options.max_body_bytes = static_cast<size_t>(settings.limits.attribute_bytes);
    options.max_frame_bytes = static_cast<size_t>(settings.limits.frame_bytes);
    if (!links.label().empty()) {
      options.record_label = links.label();
      options.record_links = links.LinksWithRange("${__data.fields.recordTime}");
    }
    frames.push_back(frame::EncodeTable(views::LogsView(woven, options)));
  }
  if (query.view_node_graph) {
    const views::NodeGraph graph = views::MakeNodeGraph(woven, ref_id);
    frames.push_back(frame::EncodeTable(graph.nodes));
    frames.push_back(frame::EncodeTable(graph.edges));
  }
  if (query.view_table) frames.push_back(frame::EncodeTable(views::RollUpTable(woven, ref_id)));
  return frames;
}

}  // namespace spanlog::query
