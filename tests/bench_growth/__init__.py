"""What an index costs as it grows: `python -m tests.bench_growth --bench DIR [--sizes 1000,10000,…] [--own-tokens N]`.

DIR holds public question sets (see `index.evaluation.datasets.dataset`). Some 400 passages of theirs and 60 of their
questions are encoded with the real model. Larger sizes repeat these passages: in the text by which a passage is found
a fifth of the words are replaced by others of the same length, pooled vectors are mixtures of those of two passages
with noise, token vectors those of the repeated passage with noise, because encoding a million passages takes a day on
two cores. From more than `--own-tokens` passages on, all repetitions of a passage share its token vectors, which are
then stored once; the disk that they would take is computed. Each build and each round of questions is a process of its
own. Times but that of opening are processor time: on a busy machine others' are noise. Not measured here: reading
files, which `tests.bench_reading` does.

Candidate recall is against comparing all vectors and scoring all texts. Recall@1 counts a question as found if the
first hit is the passage that holds its answer, or a repetition of it.
"""
