"""The flags of the commands as types of keyword arguments. Written by tools/make_python_options.py."""

from __future__ import annotations

from os import PathLike
from typing import Literal, TypedDict, Union


class ScanOptions(TypedDict, total=False):
    """The flags of ``penfield scan``."""

    min_row_length: int
    #: leave out rows (lines) of plain text with fewer characters than this
    rows: int
    #: read only the first N rows
    replace_invalid: bool
    #: replace invalid UTF-8 and unpaired \u surrogates by U+FFFD and count them; default: refuse them
    skip_invalid: bool
    #: leave out and count rows of JSON Lines without a text; default: refuse them
    encode: Literal["documents", "rows"]
    #: what is tokenised as one text; default documents, with --profile study rows
    special: Literal["token", "text"]
    #: how a special token in the text, such as <|endoftext|>, is read: as that token (default), or as text
    bos: Literal["auto", "always", "never"]
    #: a beginning-of-sequence token before every window, which is no sample: auto (default) where the model
    #: was trained with it
    activations: Union[str, PathLike[str]]
    #: in place of model and text, a folder of recorded activations: .npy or .safetensors, and tokens.tsv
    pieces: Literal["first", "all", "last"]
    #: which tokens of a marked word are targets; default first
    site: Literal["mlp.pre", "mlp.up", "mlp.post", "attn.q", "attn.k", "attn.v", "resid.mid", "resid", "recorded"]
    #: where in a layer activations are read; default mlp.pre, or mlp.post where the MLP is gated
    layers: Union[str, int, list[int], list[str]]
    #: all (default), or a list such as 18 or 0-5,23
    profile: Literal["robust", "descriptive", "study"]
    #: robust (default: matched, words as observations), descriptive (all other tokens, tokens as
    #: observations), or the published study point by point
    window: int
    #: tokens of a forward pass; default: the model's context
    budget: int
    #: tokens of text to read, half for discovery and half held out, by document; default 40960
    discovery: int
    #: windows of text on which units are found, in place of the budget
    held_out: int
    #: windows of other text on which they are tested; default as many as --discovery
    per_group: int
    #: at most N targets, and as many other tokens, in each split; default all
    skip_first: int
    #: leave out the first N positions of each window; default 1
    heatmap_tokens: int
    #: tokens of each split whose text is kept for heatmaps, as whole windows, at least one; default 2048
    against: str
    #: compare with the tokens of this concept, such as sentence-initial-capital or upos:NOUN; default: with
    #: all tokens that are not targets
    match: Union[str, list[str]]
    #: compare with tokens that are equal in these traits, separated by commas, or none; default the first
    #: four of leading-space, length, log-frequency, position, capital, sentence-initial, punctuation,
    #: word-initial; with --against none
    near_miss: str
    #: compare also with this concept, whose tokens share a cue with the targets, such as a capital; default
    #: auto: the concept's own, if it has one; or none
    cap_per_type: int
    #: at most N samples of one token type in each group and split; default all
    draws: int
    #: draw the comparison group N times and report how stable each unit's result is; default 1
    null: Union[str, list[str]]
    #: also run scans in which there is nothing to find: labels (permuted labels), types (one random label a
    #: word type), lists (random words of the same frequency), weights (shuffled weights), init (weights
    #: before training), rotation (another basis of each layer), separated by commas, or none; default lists
    #: where they are cheap
    null_runs: int
    #: runs of each null; default 20
    permutations: int
    #: permutations of the labels, at most 1000000; default 1000 with --correction maxt, else none
    maxt: Literal["step-down", "single-step"]
    #: kind of --correction maxt; default step-down
    permute_within: Literal["token-type+document", "token-type", "document", "none"]
    #: unit whose labels are permuted: token types or documents (by their mean activation), or single tokens;
    #: default token-type+document: a unit must be found with both
    firth: Literal["auto", "separated", "always", "never"]
    #: units that get Firth's penalised estimate: those that separate the groups, all, or none; default auto:
    #: all where a group has fewer than 60 samples, else separated
    intervals: Literal["none", "wald", "profile"]
    #: 95% intervals of beta: none (default), Wald, or profile likelihood
    adjust: Union[str, list[str]]
    #: adjust every regression for these token traits: leading-space, length, log-frequency, position,
    #: capital, sentence-initial, punctuation, word-initial, separated by commas
    cluster: Literal["none", "word", "document"]
    #: also report standard errors that allow for dependence between the uses of a word, or within a
    #: document; default none
    test: Literal["words", "lrt", "wald", "score", "rank", "maxt"]
    #: test that decides significance; default words (Welch's t of the means of words)
    correction: Literal["bonferroni", "holm", "bh", "by", "hochberg", "maxt", "none"]
    #: correction for multiple tests; default maxt (permutation) with --test words, else bonferroni
    family: Literal["layer", "model"]
    #: tests that are corrected together: of each layer, or of the model (default)
    alpha: float
    #: significance level; default 0.05
    force: bool
    #: replace existing results, and an unfinished run of other inputs
    spill: Literal["auto", "f32", "bf16"]
    #: keep activations on disk: auto (default) only where memory is too small; f32 always; bf16 always,
    #: rounded, in half the space
    memory: str
    #: memory limit, such as 8G; work that needs more is refused before it begins
    precision: Literal["f32", "bf16"]
    #: precision of the forward pass; default f32; bf16 is about 1.7 times as fast on processors that have it
    seed: int
    #: seed of every random draw; default 20250214
    offline: bool
    #: use no network; a model that is not in the cache is an error


class ActivationsOptions(TypedDict, total=False):
    """The flags of ``penfield activations``."""

    min_row_length: int
    #: leave out rows (lines) of plain text with fewer characters than this
    rows: int
    #: read only the first N rows
    replace_invalid: bool
    #: replace invalid UTF-8 and unpaired \u surrogates by U+FFFD and count them; default: refuse them
    skip_invalid: bool
    #: leave out and count rows of JSON Lines without a text; default: refuse them
    encode: Literal["documents", "rows"]
    #: what is tokenised as one text; default documents, with --profile study rows
    special: Literal["token", "text"]
    #: how a special token in the text, such as <|endoftext|>, is read: as that token (default), or as text
    bos: Literal["auto", "always", "never"]
    #: a beginning-of-sequence token before every window, which is no sample: auto (default) where the model
    #: was trained with it
    window: int
    #: tokens of a forward pass; default: the model's context, at most 1024
    joined: bool
    #: let windows run across the ends of documents, as scan --profile study does
    tokens: Union[str, PathLike[str]]
    #: also write the tokens of the rows, as tokens.tsv of scan --activations
    memory: str
    #: memory limit, such as 8G; work that needs more is refused before it begins
    precision: Literal["f32", "bf16"]
    #: precision of the forward pass; default f32; bf16 is about 1.7 times as fast on processors that have it
    seed: int
    #: seed of every random draw; default 20250214
    offline: bool
    #: use no network; a model that is not in the cache is an error


class LabelOptions(TypedDict, total=False):
    """The flags of ``penfield label``."""

    min_row_length: int
    #: leave out rows (lines) of plain text with fewer characters than this
    rows: int
    #: read only the first N rows
    replace_invalid: bool
    #: replace invalid UTF-8 and unpaired \u surrogates by U+FFFD and count them; default: refuse them
    skip_invalid: bool
    #: leave out and count rows of JSON Lines without a text; default: refuse them
    encode: Literal["documents", "rows"]
    #: what is tokenised as one text; default documents, with --profile study rows
    special: Literal["token", "text"]
    #: how a special token in the text, such as <|endoftext|>, is read: as that token (default), or as text
    pieces: Literal["first", "all", "last"]
    #: which tokens of a marked word are targets; default first
    memory: str
    #: memory limit, such as 8G; work that needs more is refused before it begins
    precision: Literal["f32", "bf16"]
    #: precision of the forward pass; default f32; bf16 is about 1.7 times as fast on processors that have it
    seed: int
    #: seed of every random draw; default 20250214
    offline: bool
    #: use no network; a model that is not in the cache is an error


class TokenizeOptions(TypedDict, total=False):
    """The flags of ``penfield tokenize``."""

    min_row_length: int
    #: leave out rows (lines) of plain text with fewer characters than this
    rows: int
    #: read only the first N rows
    replace_invalid: bool
    #: replace invalid UTF-8 and unpaired \u surrogates by U+FFFD and count them; default: refuse them
    skip_invalid: bool
    #: leave out and count rows of JSON Lines without a text; default: refuse them
    encode: Literal["documents", "rows"]
    #: what is tokenised as one text; default documents, with --profile study rows
    special: Literal["token", "text"]
    #: how a special token in the text, such as <|endoftext|>, is read: as that token (default), or as text
    memory: str
    #: memory limit, such as 8G; work that needs more is refused before it begins
    precision: Literal["f32", "bf16"]
    #: precision of the forward pass; default f32; bf16 is about 1.7 times as fast on processors that have it
    seed: int
    #: seed of every random draw; default 20250214
    offline: bool
    #: use no network; a model that is not in the cache is an error
