"""Where sentences end: Chinese, English and mixed text, as exact spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import is_question, split_sentences
from index.types import Span

# ‖ stands where a sentence ends and another begins.
CASES = [
    "One sentence.",
    "#. First point.‖ Then more.",
    "I like C#.‖ Next one.",
    "1\\. First point here.‖ Then go.",
    "Read term 2\\. here.‖ Then go.",
    "This is term 2\\.‖ The next one.",
    "比如 <www.example.com。‖域名对应的> 地址。",
    'Use <a href="a" title="Ask! Now. Here">the form</a> today.‖ Go.',
    "First one.‖ Second one.",
    "First one! ‖Second one? ‖Third.",
    "Ask Dr. Lee or Mr. Wu, approx. two days ahead, for a sick note.‖ Bring your card.",
    "See Fig. 3 for details.‖ Then go on.",
    "See Fig. A1 and Eq. 2.‖ Both matter.",
    "It is No. 5 on the list.‖ No. 6 is gone.",
    "Did it work?‖ No.‖ It failed.",
    "Fruit, e.g. apples, is sold here.‖ So is bread.",
    "That is, i.e. the first one, is best.‖ Take it.",
    "We sell apples, pears, etc.‖ They are fresh.",
    "We sell apples, pears, etc. at the gate.‖ Come early.",
    "The U.S. Army left.‖ It was late.",
    "He moved to the U.S.‖ The rest stayed.",
    "It opens at 5 p.m. on Mondays.‖ Doors close at 9 p.m.‖ Bring a ticket.",
    "The train leaves at 9 a.m. EST from gate 4.",
    "She has a Ph.D. in physics.‖ He has none.",
    "J. K. Rowling wrote it.‖ It sold well.",
    "George W. Bush spoke first.‖ Then others did.",
    "It was written by J. Smith and T. Wu.‖ Read it.",
    "Oranges hold vitamin C.‖ Apples hold less.",
    "We need a plan B.‖ Nobody has one.",
    "Choose option A.‖ Students may choose option B.",
    "So do I.‖ Then we agree.",
    "It moved in 1998.‖ Its reading room is open.",
    "There were 12 in 2019.‖ 300 came in 2020.",
    "Install version 2.7.1.‖ Then restart.",
    "Install v2.7.1 now.‖ Restart it.",
    "Pi is 3.14159, not 3.2.‖ Nobody minds.",
    "The fee is $3.50.‖ Children pay $1.25.",
    "He works for Acme Inc.‖ The firm is old.",
    "He works for Acme Inc. Boston and left.",
    "Talk to the FBI.‖ Agents will call.",
    "The file is sent by HTTP.‖ It is small.",
    "Use HTTP.‖ HTTPS is better.",
    "Write to a.person@example.com.‖ We answer soon.",
    "Write to a.person@mail.example.com today.‖ We answer.",
    "Open https://example.com/view?id=12&lang=zh before Friday.‖ Thanks.",
    "See https://example.com/a!b?c for more.‖ It is long.",
    "See https://example.com.‖ It is short.",
    "Visit example.com/what?now and pay.‖ Done.",
    "Use `who are you? I am` in the shell.‖ Then wait.",
    "Use `a.b. C` here.‖ Then go.",
    "Type ``x ` y? Z`` now.‖ Go on.",
    "Read [What is it? A guide](https://example.com/a?b).‖ Then start.",
    "![Look here! A lamp.](lamp.png) shows it.‖ Nice.",
    "Edit config.py.‖ Then run it.",
    "Edit a.md.‖ Then run it.",
    "Node.js is a runtime.‖ It is fast.",
    "It works on .NET and in .env files.‖ Try it.",
    "Wait... what happened?‖ Nobody knows.",
    "He stopped...‖ Then he ran.",
    "And so on…‖ The end.",
    '"Stop!" he said.‖ She ran.',
    '"Why?" asked Tom.‖ Nobody knew.',
    'He said, "Go away."‖ She went.',
    'She asked, "Who is it?"‖ Nobody answered.',
    "(See the next page.)‖ Then return.",
    "It rains (does it?) and snows.‖ Stay in.",
    "He likes it (really!).‖ She does not.",
    "**Do not touch.**‖ It is hot.",
    "*Why not?*‖ Because it breaks.",
    "Great! ‖then restart it.",
    "Is it on? ‖if so, go on.",
    "I use Yahoo! every day.‖ It is old.",
    "const wait = command.cooldown ?? 3",
    "Is a ? b : c an expression?‖ Yes.",
    "What?!‖ Really?!",
    "Really?‖ Yes!‖ No.",
    "1. Open the door.",
    "1. Open the door.‖ 2. Close it.",
    "1. Open the door.‖\n2. Close it.",
    "- First item‖\n- Second item",
    "* First item.‖\n* Second item.‖ It is long.",
    "• One‖\n• Two",
    "a) one‖\nb) two",
    "| a | b |‖\n| c | d |",
    "A line that\ngoes on here.‖ And another\none.",
    "A first part‖\n\nA second part",
    "# Title‖\n\nText here.",
    "The cost is approx. 5 dollars.‖ Pay it.",
    "Smith et al. found it.‖ Others did not.",
    "Compare A vs. B first.‖ Then choose.",
    "It opened on Jan. 5 and closed on Feb. 3.‖ It was cold.",
    "It opened in Jan.‖ The rest is known.",
    "Meet Sen. Warren and Gov. Lee.‖ They wait.",
    "St. Peter is near.‖ Go there.",
    "Mt. Fuji is high.‖ Ft. Worth is flat.",
    "See pp. 3-5 and p. 9.‖ Then stop.",
    "See vol. 2, ch. 3.‖ It is short.",
    "The temp. is high, approx. 30.‖ Drink water.",
    "He is 1.80 m tall.‖ She is taller.",
    "Call 555.1234 now.‖ They wait.",
    "It weighs 5 kg.‖ Carry it.",
    'He came first.‖ "Who are you?" she asked.',
    "It ended.‖ (Nobody cried.)",
    "The end.‖",
    "人工智能很热门。‖它发展很快。",
    "他走了！‖你知道吗？‖我不知道。",
    "「你好。」‖他說。",
    "「你好！」‖他走了。",
    "他说：“好！”，然后走了。",
    "他（是谁？）来了。‖大家都笑了。",
    "（全文完。）‖下一篇。",
    "价格是3.5元。‖很便宜。",
    "版本2.7.1发布了。‖请升级。",
    "Llama 4发布了。‖大家很失望。",
    "Llama 4.0发布后，很多人失望。‖他们走了。",
    "这是第一句.‖这是第二句.",
    "他想了想……最后还是走了。‖没有人说话。",
    "他走了……‖\n\n没有人说话。",
    "第一句．‖第二句．",
    "哈利．波特很有名。‖大家都知道他。",
    "圓周率是３．１４。‖很多人記得。",
    "你知道吗?‖我不知道。",
    "打开https://example.com/看?id=1的页面。‖然后登录。",
    "請看[說明？第二頁](https://example.com)。‖再開始。",
    "使用`甲。乙`命令。‖然后等待。",
    "Meta 發布了 Llama 4。‖ It was bad.‖ 大家很失望。",
    '他說 "It works!"，然後走了。‖大家笑了。',
    "訪客請走東門，前兩小時免費；之後每小時三十元。‖請付現。",
    "一、开门‖\n二、关门",
    "（一）开门‖\n（二）关门",
    "1、开门‖\n2、关门",
    "① 开门‖\n② 关门",
    "他问：“谁？”‖她没有回答。",
    "「甲。‖乙。」‖丙說。",
    "多少钱？！‖太贵了。",
    "“开源万岁！”‖他喊道。",
    "《你好！李焕英》是一部电影。‖很好看。",
    "2023年7月18日，模型发布。‖反响很大。",
    "U.S.公司很多。‖中国也多。",
    "OpenAI Inc.发布了模型。‖大家都用。",
    "他有 Ph.D. 學位。‖她沒有。",
    "第3.2節說明了。‖請看。",
    "原因无非三点:1. 钱没给够,心寒了。‖2. 理念变了。",
    "See https://a.example/b.‖ 請看下一頁。",
    "Use C++. ‖Then use C#.‖ Both work.",
    "He left at 5 p.m.‖ Mary stayed.",
    "Do one rep.‖ Then rest.",
    "Rep. Smith spoke.‖ Then he sat.",
    "Step 1. Open the door.‖ Step 2. Close it.",
    "Section 2.1. Set it up.",
    "P.S. I love it.",
    "J.K. Rowling wrote it.",
    "It fits (e.g. the map).‖ See below.",
    "Bring pens, paper, etc.).‖ Then go.",
    "我爱 Python!‖你呢?‖我也是。",
    "Yahoo!奇摩關站了。‖很可惜。",
    "a. Open it.‖\nb. Close it.",
    "II. The start‖\nIII. The end",
    "It is U.S.-based.‖ They like it.",
    "Is it 5?‖ Yes, it is 5.",
    "The price is 5 USD.‖ Prices vary.",
    "1．開門‖\n2．關門",
    "包括：（1）甲。‖（2）乙。",
]
# Characters on which the rules turn, and some between them.
PIECES = st.sampled_from(
    [*"。！？!?.…．\n \t`~*_|->#[]()「」“”\"'《》:：1aAI中文", "Dr.", "U.S.", "1. ", "```", "](", "...", "……"]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)


def sentences_of(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_a_reader_ends_them(case: str) -> None:
    expected = [part.strip() for part in case.split("‖") if part.strip()]
    assert sentences_of(case.replace("‖", "")) == expected


@given(TEXTS, st.data())
def test_sentences_cover_all_but_white_space_in_order(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    at = span.start
    for sentence in split_sentences(text, span):
        assert at <= sentence.start < sentence.end <= span.end
        assert not text[at : sentence.start].strip()
        assert sentence.of(text) == sentence.of(text).strip()
        at = sentence.end
    assert not text[at : span.end].strip()


@given(TEXTS, TEXTS)
def test_what_stands_outside_a_span_does_not_matter(before: str, after: str) -> None:
    text = f"{before}他來了。 Dr. Lee left. So did I.{after}"
    span = Span(len(before), len(text) - len(after))
    assert [each.of(text) for each in split_sentences(text, span)] == ["他來了。", "Dr. Lee left.", "So did I."]


@pytest.mark.parametrize(
    "unit", ["a. ", "`a ", "[", "[a](b", " ", "\n", "。", '!" ', "A. ", "．甲", "``a` ", "(a? "]
)
def test_a_line_of_a_hundred_thousand_odd_characters_is_no_trouble(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    assert all(0 <= each.start < each.end <= len(text) for each in split_sentences(text))


def test_a_code_block_is_one_sentence() -> None:
    text = 'Do this:\n\n```js\nif (!a) return b ?? c;\n\nreply("Wait. Now!");\n```\n\nThen stop.'
    assert sentences_of(text) == ["Do this:", text[10:-12], "Then stop."]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Why?", True),
        ("谁知道？」", True),
        ("*Really?* ", True),
        ("Why? Because.", False),
        ("a?b", False),
        ("", False),
    ],
)
def test_a_question_ends_with_a_question_mark(sentence: str, expected: bool) -> None:
    assert is_question(sentence) is expected
