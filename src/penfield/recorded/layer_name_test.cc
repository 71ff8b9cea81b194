#include "penfield/recorded/layer_name.h"

#include <gtest/gtest.h>

namespace penfield::recorded {
namespace {

TEST(LayerName, SaysSiteAndLayer) {
  struct Case {
    const char* name;
    Site site;
    int layer;  // -1: none
    std::uint32_t n_layers;
  };
  for (const Case& c : {Case{"blocks.5.mlp.hook_post", Site::kMlpPost, 5, 1},
                        Case{"blocks.5.mlp.hook_pre", Site::kMlpPre, 5, 1},
                        Case{"blocks.5.mlp.hook_pre_linear", Site::kMlpUp, 5, 1},
                        Case{"blocks.11.attn.hook_q", Site::kAttnQ, 11, 1},
                        Case{"blocks.11.hook_resid_post", Site::kResid, 11, 1},
                        Case{"blocks.11.hook_resid_pre", Site::kRecorded, 11, 1},
                        Case{"blocks.11.hook_resid_mid", Site::kResidMid, 11, 1},
                        Case{"resid_mid.L3", Site::kResidMid, 3, 1},
                        Case{"mlp.pre.L0-5", Site::kMlpPre, 0, 6},
                        Case{"attn.v.L12", Site::kAttnV, 12, 1},
                        Case{"L5", Site::kRecorded, 5, 1},
                        Case{"layer_12", Site::kRecorded, 12, 1},
                        Case{"layer07", Site::kRecorded, 7, 1},
                        Case{"transformer.h.3", Site::kRecorded, 3, 1},
                        Case{"llama-3-8b.layers.9.mlp_post", Site::kMlpPost, 9, 1},
                        Case{"gpt2.4", Site::kRecorded, 4, 1},
                        Case{"layer-5-000", Site::kRecorded, 5, 1},
                        Case{"encoder", Site::kRecorded, -1, 1},
                        Case{"gpt2", Site::kRecorded, -1, 1},
                        Case{"L99999999999", Site::kRecorded, -1, 1},
                        Case{"", Site::kRecorded, -1, 1}}) {
    const LayerName name = parse_layer_name(c.name);
    EXPECT_EQ(name.site, c.site) << c.name;
    EXPECT_EQ(name.first_layer ? static_cast<int>(*name.first_layer) : -1, c.layer) << c.name;
    EXPECT_EQ(name.n_layers, c.n_layers) << c.name;
  }
}

}  // namespace
}  // namespace penfield::recorded
