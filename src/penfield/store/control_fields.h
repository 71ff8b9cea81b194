// The fields of a ControlRecord, in the order of run.json: see json_fields.h. For run_json.cc.
#pragma once

#include "penfield/store/control_record.h"
#include "penfield/store/json_fields.h"

namespace penfield::store {

static void describe(auto& io, MaybeConst<sample::TraitBalance> auto& balance) {
  io("trait", balance.trait);
  io("before", balance.before);
  io("after", balance.after);
}

static void describe(auto& io, MaybeConst<NullLayer> auto& layer) {
  io("site", layer.site);
  io("layer", layer.layer);
  io("n_units", layer.n_units);
  io("n_runs_with_finding", layer.n_runs_with_finding);
  io("n_significant", layer.n_significant);
  io("n_replicated", layer.n_replicated);
  io("best_neglog10_p", layer.best_neglog10_p);
}

static void describe(auto& io, MaybeConst<NullRun> auto& run) {
  io("n_significant", run.n_significant);
  io("n_replicated", run.n_replicated);
  io("n_replicated_words", run.n_replicated_words);
  io("n_moderate", run.n_moderate);
  io("n_strong", run.n_strong);
  io("largest_auc", run.largest_auc);
}

static void describe(auto& io, MaybeConst<NullRecord> auto& null) {
  io("kind", null.kind);
  io("n_runs", null.n_runs);
  io("n_runs_with_finding", null.n_runs_with_finding);
  io("n_significant", null.n_significant);
  io("n_replicated", null.n_replicated);
  io("band", null.band);
  io("most_runs_of_a_family", null.most_runs_of_a_family);
  io("best_neglog10_p", null.best_neglog10_p);
  io("best_held_out_auc", null.best_held_out_auc);
  io("layers", null.layers);
  io("runs", null.runs);
  io("n_units_beyond", null.n_units_beyond);
}

static void describe(auto& io, MaybeConst<ControlRecord> auto& controls) {
  io("against", controls.against);
  io("n_both", controls.n_both);
  io("near_miss", controls.near_miss);
  io("match", controls.match);
  io("cap_per_type", controls.cap_per_type);
  io("n_draws", controls.n_draws);
  io("n_stable", controls.n_stable);
  io.group("balance", [&](auto& in) {
    in("discovery", controls.balance[0]);
    in("held_out", controls.balance[1]);
  });
  io("nulls", controls.nulls);
}

}  // namespace penfield::store
