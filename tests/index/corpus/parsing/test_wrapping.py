"""Wrapped prose among verse, lists, addresses, logs and dialogue: it is joined, and short lines stay as they are."""

from __future__ import annotations

import pytest

from index.corpus.parsing.plain_text import parse
from index.types import BlockKind

# A block begins at each pilcrow.
MIXED = {
    "prose among poem": """¶The river rose in the spring of that year and carried away the old
wooden bridge together with two boats that had been tied to it the
evening before. Nobody was hurt, and the mayor promised a new one
within twelve months.

¶The water came at night,
¶the water came in grey,
¶it took the bridge of wood,
¶it took the boats away.

¶The new bridge was built of stone. It was opened with a small feast on
12 August, and it has stood there ever since, although the river has
risen higher twice.
""",
    "address block": """¶Dear Ms Hale,

¶thank you for your letter of 3 May, in which you ask whether the hall can be
rented on Sundays. It can, provided that the caretaker is told at least
ten days before and that the music ends at
10 pm.

¶Anna Berg
¶Hall Office
¶14 Mill Street
¶Norwood 5067

¶Phone 555 0199
¶Open Monday to Friday
""",
    "log": """¶The service writes a log like the one below. Each line begins with the time
and names the module. When a line says
ERROR the duty officer is called within
5 minutes.

¶2024-05-01 10:00:01 INFO core started
¶2024-05-01 10:00:02 INFO net listening on 8080
¶2024-05-01 10:00:09 ERROR db cannot connect
¶2024-05-01 10:00:10 INFO db retrying
¶2024-05-01 10:00:12 INFO db connected
""",
    "dialogue": """¶ANNA: Where is the key to the archive?
¶BEN: On the hook behind the door, as always, unless somebody
has taken it home again.
¶ANNA: It is not there.
¶BEN: Then ask Carl.

¶Carl had taken the key home on Friday, because he wanted to finish the
inventory over the weekend, and had forgotten to bring it
back on Monday.
""",
    "shopping list + prose": """¶Things to bring
¶tent
¶two blankets
¶a lamp
¶matches

¶We meet at the station at half past seven and walk to the camp, which
takes about two hours if the weather holds. Whoever comes later can
call the number on the board.
""",
    "zh wrapped + poem": """¶春天的時候河水暴漲，沖走了村口的老木橋，也帶走了前一晚繫
在橋邊的兩艘小船。所幸沒有人受傷，村長答應在一年之內蓋一
座新的石橋。

¶白日依山盡
¶黃河入海流
¶欲窮千里目
¶更上一層樓

¶新橋在八月十二日啟用，當天辦了一場小小的慶祝會，從那之後雖
然河水又漲過兩次，橋都安然無恙。
""",
    "zh address": """¶親愛的住戶：

¶本大樓將於六月三日上午九點至下午四點停水，以便清洗頂樓的水
塔，請各住戶事先儲水。清洗當天電梯照常運作，停車場則暫停
開放。

¶大樓管理委員會
¶臺北市中山區長春路
¶電話 2555-0199
¶六月一日
""",
    "zh hans dialogue": """¶甲：钥匙放在哪里了？
¶乙：挂在门后面的钩子上，和平时一样，除非又有人把它带回家
去了。
¶甲：不在那里。
¶乙：那就问问老陈。

¶老陈星期五把钥匙带回了家，因为他想在周末把盘点的工作做完，结
果星期一忘了带回来。
""",
    "contents+chapters": """¶CONTENTS
¶Introduction
¶The harbour
¶The market
¶Index

¶INTRODUCTION

¶This guide was written for people who come to the town for a single
day and want to see what is worth seeing. It starts at the harbour
and ends at the market, which is open until
6 pm on weekdays.
""",
    "recipe": """¶Bean soup

¶300 g white beans
¶2 onions
¶1 carrot
¶salt, pepper

¶Soak the beans overnight in cold water. Cook them the next day with the
chopped onions and the carrot for about
90 minutes, until they are soft, and season with
salt and pepper.
""",
    "indented para": """     ¶It was in the autumn that the keeper of the lighthouse first noticed
the light upon the rocks. He wrote it down in his book, as he wrote down
everything, and thought no more of it until
12 days later, when it came again.
     ¶The second time he rowed out. There was nothing to be seen but the
kelp and the gulls.
""",
    "changelog": """¶Version 2.1
  ¶* The export writes the dates in the form that the reader has
    chosen in the settings.
  ¶* Fixed: the window no longer closes when a file is
    2 GB or larger.

¶Version 2.0
  ¶* New look.
""",
    "narrow wrapped": """¶The ferry leaves every
20 minutes from the north
pier. Tickets are sold on
board. Bicycles travel free
of charge on weekdays.
""",
    "wrapped with numbers heading": """¶The committee met on three occasions in the course of the year, namely on
3 March, on 17 June and on
2 December, and each time it discussed the state of the roof.

¶1. Roof

¶The roof leaks in two places, and the repair will cost about as much as
the new heating did in
2019. The money is there.
""",
    "zh numbered": """¶一、開放時間

¶本館每週二至週日上午九點至下午五點開放，週一及國定假日休館，
最後入館時間為閉館前
30 分鐘。團體參觀請於
7 天前以電話預約。

¶二、票價

¶全票 200 元
¶半票 100 元
¶六歲以下免費
""",
}


@pytest.mark.parametrize("marked", MIXED.values(), ids=MIXED.keys())
def test_wrapped_prose_is_joined_and_short_lines_are_not(marked: str) -> None:
    found = parse(marked.replace("¶", "").encode())
    starts = [block.span.start for block in found.blocks]
    expected = [len(part) for part in marked.split("¶")[:-1]]
    assert starts == [sum(expected[: number + 1]) for number in range(len(expected))]


@pytest.mark.parametrize("marked", MIXED.values(), ids=MIXED.keys())
def test_no_wrapped_line_is_a_heading(marked: str) -> None:
    found = parse(marked.replace("¶", "").encode())
    headings = [block.title for block in found.blocks if block.kind is BlockKind.HEADING]
    assert set(headings) <= {"1. Roof", "一、開放時間", "二、票價"}
