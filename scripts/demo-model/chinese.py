"""The intents in Chinese, as in english.py."""

import re

from text import capitalised, split
from words import BACKENDS, CANNOT_ANSWER_ZH, LOCAL_BACKENDS, PHRASES

BACKENDS_ZH = {
    "KoboldCpp": "先启动 KoboldCpp 并载入模型，然后在 Switchboard 里添加 KoboldCpp，地址是 http://127.0.0.1:5001，不需要密钥。",
    "Ollama": "先启动 Ollama 并下载模型，然后在 Switchboard 里添加 Ollama，地址是 http://127.0.0.1:11434，不需要密钥。",
    "llama.cpp": "先启动 llama-server，然后在 Switchboard 里添加 llama.cpp，地址是 http://127.0.0.1:8080，不需要密钥。",
    "LM Studio": "先在 LM Studio 里启动本地服务器，然后在 Switchboard 里添加它，地址是 http://127.0.0.1:1234，不需要密钥。",
    "text-generation-webui": "先用 --api 启动 text-generation-webui，然后在 Switchboard 里添加它，地址是 http://127.0.0.1:5000，不需要密钥。",
    "TabbyAPI": "先启动 TabbyAPI，然后在 Switchboard 里添加它，地址是 http://127.0.0.1:5000，并填入它的密钥。",
    "Claude": "先在 Anthropic 控制台创建密钥，然后在 Switchboard 里添加 Claude 并粘贴密钥。",
    "OpenAI": "先在 OpenAI 平台创建密钥，然后在 Switchboard 里添加 OpenAI 并粘贴密钥。",
    "OpenRouter": "先在 OpenRouter 创建密钥，然后在 Switchboard 里添加 OpenRouter 并粘贴密钥。",
    "AI Horde": "在 Switchboard 里添加 AI Horde，可以用匿名密钥 0000000000。",
    "NovelAI": "先在 NovelAI 账户设置里创建令牌，然后在 Switchboard 里添加 NovelAI 并粘贴令牌。",
}

CAPITALS_ZH = dict(
    x.split(":")
    for x in split(
        "法国:巴黎|德国:柏林|西班牙:马德里|意大利:罗马|英国:伦敦|葡萄牙:里斯本|俄罗斯:莫斯科|中国:北京|日本:东京|韩国:首尔|印度:新德里|泰国:曼谷|越南:河内|澳大利亚:堪培拉|加拿大:渥太华|美国:华盛顿|墨西哥:墨西哥城|巴西:巴西利亚|埃及:开罗|希腊:雅典|瑞典:斯德哥尔摩|挪威:奥斯陆|芬兰:赫尔辛基|波兰:华沙|奥地利:维也纳"
    )
)

COLOURS_ZH = dict(
    x.split(":")
    for x in split(
        "天空:蓝色|草:绿色|雪:白色|血:红色|香蕉:黄色|柠檬:黄色|太阳:黄色|煤:黑色|牛奶:白色|大海:蓝色|树叶:绿色|巧克力:棕色|胡萝卜:橙色|草莓:红色|熊猫:黑白色"
    )
)

OPPOSITES_ZH = {}

[
    OPPOSITES_ZH.update({a: b, b: a})
    for a, b in (
        p.split(":")
        for p in split(
            "大:小|高:矮|快:慢|冷:热|上:下|左:右|新:旧|好:坏|多:少|长:短|早:晚|黑:白|开:关|远:近|轻:重|胖:瘦|干净:脏|高兴:难过"
        )
    )
]

FIXED_ZH = [
    (
        "greet",
        "你好|您好|嗨|早上好|晚上好|你好啊|哈喽|在吗|下午好|你好，在吗|大家好",
        "你好！我是 Pocket，一个很小的演示模型。有什么可以帮你？",
        "你好",
    ),
    (
        "who",
        "你是谁|你叫什么名字|你是什么|介绍一下你自己|你是什么模型|请自我介绍|你叫什么|你是机器人吗|你是哪个模型|你的名字是什么",
        "我是 Pocket，Switchboard 里的一个很小的演示模型。我在你的浏览器里运行，只知道很少的东西。",
        "我是 pocket",
    ),
    (
        "cando",
        "你能做什么|你会什么|你可以做什么|你能帮我什么|有什么功能|帮助|你有什么用|我可以问你什么",
        "我会打招呼、介绍 Switchboard、帮你连接后端、数数、做简单的加减法、说首都和颜色，还会讲小故事。",
        "我会打招呼",
    ),
    (
        "swb",
        "什么是switchboard|switchboard是什么|Switchboard 是什么|介绍一下Switchboard|这个扩展是什么|这个插件有什么用|Switchboard有什么用|请解释Switchboard|这是什么扩展",
        "Switchboard 是一个浏览器扩展，让网页使用你自己的语言模型。由你选择哪个模型来回答。",
        "浏览器扩展",
    ),
    ("thanks", "谢谢|多谢|谢谢你|非常感谢|感谢", "不客气！", "不客气"),
    ("bye", "再见|拜拜|晚安|下次见|我走了", "再见！欢迎再来。", "再见"),
    ("how", "你好吗|最近怎么样|你今天怎么样|你还好吗", "我是一个小程序，没有感觉，但是运行得很好。", "运行得很好"),
    (
        "larger",
        "怎么连接模型|怎么添加模型|怎么连接更大的模型|如何添加后端|怎么换模型|如何设置|怎么使用Switchboard|怎么连接后端",
        "打开 Switchboard 的设置，添加一个后端：本地的填地址，云端的填密钥。",
        "打开 switchboard 的设置",
    ),
    (
        "backs",
        "支持哪些后端|可以连接什么|支持哪些模型|有哪些后端|能用哪些模型",
        "可以连接 KoboldCpp、Ollama、llama.cpp、LM Studio、text-generation-webui、TabbyAPI、Claude、OpenAI、OpenRouter、AI Horde 和 NovelAI。",
        "可以连接 koboldcpp",
    ),
    ("test", "测试|这是测试|能收到吗|测试一下|能用吗", "可以用！我收到了你的消息。", "可以用"),
    (
        "days",
        "一周有哪几天|说出一周的每一天|星期有哪些",
        "星期一、星期二、星期三、星期四、星期五、星期六、星期日。",
        "星期五",
    ),
    ("joke", "讲个笑话|说个笑话|来个笑话", "浏览器为什么坐下来？因为它要拿的标签页太多了。", "标签页"),
    (
        "now",
        "现在几点|今天几号|今天天气怎么样|今天星期几|有什么新闻|明天会下雨吗",
        "我看不到时间、日期、天气或新闻。我只是一个很小的演示模型。",
        "看不到时间",
    ),
    (
        "private",
        "安全吗|会上传我的数据吗|需要联网吗|我的数据安全吗|你在哪里运行",
        "我在你的浏览器里运行，不需要网络，你的文字留在这里。",
        "浏览器里运行",
    ),
]

FIXED_ZH = [(n, split(t), a, k) for n, t, a, k in FIXED_ZH]

TOPICS_ZH = split(
    "量子力学|黑洞|罗马帝国|股票|比特币|莎士比亚|气候变化|恐龙|人工智能|房价|足球|篮球|钢琴|火山|地震|飞机|火箭|疫苗|感冒|减肥|红烧肉|饺子|法律|税|历史|数学|微积分|编程|数据库|电影|小说|唐诗|孔子|长城|故宫|地铁|手机|汽车|咖啡机|月球|火星"
)

UNKNOWN_QUESTIONS_ZH = split(
    "什么是<t>|<t>是什么|为什么<t>很重要|请解释<t>|告诉我<t>的事|怎么学<t>|<t>怎么做|谁发明了<t>|写一篇关于<t>的文章|你喜欢<t>吗|<t>有多少|<t>在哪里|帮我写<t>代码|<t>的历史|给我讲讲<t>|<t>和<t>有什么区别|<t>多少钱|<t>|<c>有多少人|<c>的人口是多少|<c>在哪里|怎么去<c>"
)

NUMBERS_ZH = "一 二 三 四 五 六 七 八 九 十".split()


def chinese(g):
    r = g.random
    k = r.random()
    P = g.pick(["", "", "", "", "请问", "你好，", "请问，", "嗨，"])
    E = g.pick(["", "", "？", "？", "?", "。", "！"])

    def t(ts, **f):
        q = g.question(ts)
        for a, b in f.items():
            q = q.replace("<%s>" % a, b)
        return P + q + E

    if k < 0.34:
        n, ts, a, ky = g.pick(FIXED_ZH)
        return t(ts), a, ky
    if k < 0.52:
        b = g.pick(list(BACKENDS_ZH))
        x = g.pick(BACKENDS[b][0])
        q = t(
            split(
                "怎么连接<x>|如何连接 <x>|怎么添加 <x>|怎么用<x>|<x>怎么连接|如何设置<x>|我想用<x>|怎样连接 <x>|连接<x>|<x> 怎么设置|帮我连接<x>|能用<x>吗|怎么把 <x> 连上|如何使用<x>"
            ),
            x=x,
        )
        return q, BACKENDS_ZH[b], (str(BACKENDS[b][1]) if BACKENDS[b][1] else b.lower())
    if k < 0.56:
        b = g.pick(LOCAL_BACKENDS)
        return (
            t(split("<x>的端口是多少|<x> 端口|<x>用哪个端口|<x> 的默认端口|<x>的地址是什么"), x=g.pick(BACKENDS[b][0])),
            f"{b} 的默认端口是 {BACKENDS[b][1]}。",
            str(BACKENDS[b][1]),
        )
    if k < 0.63:
        x = g.pick(list(CAPITALS_ZH))
        return (
            t(
                split(
                    "<x>的首都是哪里|<x>的首都是什么|<x>首都|<x>的首都|<x>的首都在哪|哪里是<x>的首都|<x>首都是哪个城市"
                ),
                x=x,
            ),
            f"{x}的首都是{CAPITALS_ZH[x]}。",
            CAPITALS_ZH[x],
        )
    if k < 0.67:
        x = g.pick(list(COLOURS_ZH))
        return (
            t(split("<x>是什么颜色|<x>什么颜色|<x>的颜色|<x>是什么颜色的"), x=x),
            f"{x}是{COLOURS_ZH[x]}的。",
            COLOURS_ZH[x],
        )
    if k < 0.71:
        x = g.pick(list(OPPOSITES_ZH))
        return (
            t(split("<x>的反义词是什么|<x>的反义词|和<x>相反的词|<x>的反面是什么"), x=g.pick([x, f"“{x}”"])),
            f"“{x}”的反义词是“{OPPOSITES_ZH[x]}”。",
            f"是“{OPPOSITES_ZH[x]}”",
        )
    if k < 0.75:
        n = r.randint(2, 20)
        return (
            t(split("从1数到<n>|数到<n>|从一数到<n>|数数到<n>"), n=str(n)),
            "、".join(map(str, range(1, n + 1))) + "。",
            f"{n - 1}、{n}。",
        )
    if k < 0.81:
        a, b = r.randint(0, 20), r.randint(0, 20)
        if r.random() < 0.5:
            return (
                t(
                    split("<a>加<b>等于多少|<a>+<b>|<a>加<b>是多少|<a>加<b>|计算<a>+<b>|<a>+<b>等于几"),
                    a=str(a),
                    b=str(b),
                ),
                f"{a} + {b} = {a + b}。",
                f"= {a + b}。",
            )
        a, b = max(a, b), min(a, b)
        return (
            t(split("<a>减<b>等于多少|<a>-<b>|<a>减<b>是多少|<a>减<b>|计算<a>-<b>"), a=str(a), b=str(b)),
            f"{a} - {b} = {a - b}。",
            f"= {a - b}。",
        )
    if k < 0.85:
        an = g.pick(split("猫|狗|狐狸|兔子|熊|鸟|鱼|马|老虎|青蛙"))
        q = t(split("讲一个<x>的故事|写一个关于<x>的故事|讲个故事，关于<x>|关于<x>的小故事|说一个<x>的故事"), x=an)
        a = f"从前有一只{g.pick(['小', '老', '勇敢的', '安静的'])}{an}，住在{g.pick(['森林里', '海边', '山上', '花园里', '小村庄里'])}。一天早上，它找到了一{g.pick(['把金钥匙', '封旧信', '个红气球', '块蓝石头'])}。它问了每一个邻居，最后把它还给了主人。从那天起，它再也不孤单了。"
        return q, a, an
    if k < 0.88:
        p = g.pick(PHRASES)
        i = g.pick([0, 1, 2, 3])
        language = ["英语", "法语", "西班牙语", "德语"][i]
        z = p[4].rstrip("？")
        a = capitalised(p[i])
        return (
            t(
                split("<x>用<l>怎么说|<l>的<x>怎么说|把<x>翻译成<l>|<l>里<x>怎么说|用<l>说<x>"),
                x=g.pick([z, f"“{z}”"]),
                l=language,
            ),
            a if a.endswith("?") else a + ".",
            p[i].lower(),
        )
    q = t(UNKNOWN_QUESTIONS_ZH)
    q = re.sub("<t>", lambda m: g.pick(TOPICS_ZH), q)
    q = re.sub("<c>", lambda m: g.pick(list(CAPITALS_ZH)), q)
    return q, CANNOT_ANSWER_ZH, "很小的演示模型"
