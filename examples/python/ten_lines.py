"""The study in ten lines: which neurons respond to proper nouns, and does it hold on words never seen?"""

import penfield

result = penfield.scan(penfield.demo_model(), penfield.demo_text(), concept="proper-noun")
print(*result.headline, sep="\n")
best = result.top(5)
for unit, auc, lo in zip(best["unit"], best["held_out_unseen_auc"], best["auc_words_lo"]):
    print(f"{unit}: AUC {auc:.3f} on unseen words, at least {lo:.3f}")
print(result.card(best["unit"][0]))
result.plot("funnel").save("funnel.svg")
result.report().save("report.html")
