"""What a good small model writes of the documents in tests/index/conftest.py."""

from __future__ import annotations

import json
from typing import Any

from tests.index.drafting.stand_in import Canned, Json, asked, completion, is_check

# By the first sentence of the paragraph.
WRITTEN: dict[str, dict[str, Any]] = {
    "駱馬模型在二零二三年發布，開源社群非常興奮。": {
        "restatement": "駱馬模型於2023年推出，開源社群很興奮。下載的人很多。",
        "translation": "The llama model came out in 2023, and the open-source community was thrilled. Many people downloaded it.",
        "questions": [
            {"sentence": 1, "question": "駱馬模型是哪一年發布的？"},
            {"sentence": 1, "question": "When was the llama model released?"},
            {"sentence": 2, "question": "Did many people download the llama model?"},
        ],
        "unanswerable": ["駱馬模型有多少參數？", "駱馬團隊還剩幾位作者？"],
        "names": [],
    },
    "十四位作者之中只剩三位留任。": {
        "restatement": "14位作者裡只有3位留下。另外11位陸續走了。",
        "translation": "Of the fourteen authors only three stayed. The other eleven left the company one after another.",
        "questions": [{"sentence": 1, "question": "How many of the fourteen llama authors stayed?"}],
        "unanswerable": [],
        "names": [],
    },
    "團隊的經驗因此流失，新模型一再延期。": {
        "restatement": "團隊因此失去經驗，新模型不斷延後。",
        "translation": "The team thus lost its experience, and the new model was delayed again and again.",
        "questions": [{"sentence": 1, "question": "為什麼新模型一再延期？"}],
        "unanswerable": [],
        "names": [],
    },
    "Alpacas were trained on synthetic data.": {
        "restatement": "Alpacas were made with synthetic data. It cost six hundred dollars.",
        "translation": "羊駝以合成資料訓練，成本是600美元。",
        "questions": [{"sentence": 2, "question": "訓練羊駝花了多少錢？"}],
        "unanswerable": ["How many alpacas were there?"],
        "names": [],
    },
    "Nobody expected the demo to be taken down a week later.": {
        "restatement": "The demo was taken down a week later, which nobody expected.",
        "translation": "沒有人料到示範一週後就下架了。",
        "questions": [{"sentence": 1, "question": "示範多久後下架？"}],
        "unanswerable": [],
        "names": [],
    },
}
PARAGRAPHS = len(WRITTEN)


def small_model(request: Json) -> Canned:
    """Return what the model writes: of a check, that the question on the authors is answered."""
    if is_check(request):
        answered = [int(number) for number, question in asked(request)["questions"].items() if "作者" in question]
        return completion(json.dumps({"answered": answered}), read=30, written=2)
    return completion(json.dumps({"paragraphs": [paragraph(each) for each in asked(request)["paragraphs"]]}))


def paragraph(given: Json) -> Json:
    """Return what the model writes of one paragraph of a request."""
    return {"id": given["id"], **WRITTEN[given["sentences"]["1"]]}
