#!/usr/bin/env python3
"""Which universal part-of-speech tag is most often taken for another: the table of labels/near_miss.cc.

    tools/count_tag_confusions.py en_ewt-ud-dev.conllu

Every token gets the tag that the other uses of its form have most often (the most-frequent-tag baseline of taggers:
Jurafsky & Martin 2009, §5.3; leave one out). Forms keep their case, except that a sentence's first letter is made
lower-case where the form also occurs so elsewhere. Ties, and forms used once, have no guess. Prints, for each tag, the
others by the number of confusions in either direction.
"""
import collections
import sys


def tagged_words(path):
    """(form, tag) of every word of a CoNLL-U file; the first of a sentence as it is written."""
    sentences = [[]]
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if not line:
            sentences.append([])
        elif not line.startswith("#"):
            fields = line.split("\t")
            if fields[0].isdigit():
                sentences[-1].append((fields[1], fields[3]))
    return [s for s in sentences if s]


def main():
    sentences = tagged_words(sys.argv[1])
    within = {form for s in sentences for form, _ in s[1:]}
    words = []
    for sentence in sentences:
        for place, (form, tag) in enumerate(sentence):
            lower = form[:1].lower() + form[1:]
            words.append((lower if place == 0 and lower in within else form, tag))
    of_form = collections.defaultdict(collections.Counter)
    for form, tag in words:
        of_form[form][tag] += 1
    confusions = collections.Counter()
    n_right = n_guessed = 0
    for form, tag in words:
        others = of_form[form].copy()
        others[tag] -= 1
        ranked = others.most_common()
        if ranked[0][1] == 0 or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            continue
        guess = ranked[0][0]
        n_guessed += 1
        n_right += guess == tag
        if guess != tag:
            confusions[frozenset((guess, tag))] += 1
    print(f"{len(words)} words, {n_guessed} guessed, {n_right / n_guessed:.3f} of these rightly")
    for tag in sorted({tag for _, tag in words}):
        pairs = [(n, next(iter(pair - {tag}))) for pair, n in confusions.items() if tag in pair]
        pairs.sort(key=lambda p: (-p[0], p[1]))
        print(f"{tag:6s}", " ".join(f"{other} {n}" for n, other in pairs[:6]))


if __name__ == "__main__":
    main()
