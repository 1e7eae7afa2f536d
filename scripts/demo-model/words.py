"""The words and templates that questions and answers are made of. Every one was written for this model."""

from text import split

CANNOT_ANSWER = "I do not know that. I am a very small demo model; connect a larger one in Switchboard for this."

CANNOT_DO = "I cannot do that. I am a very small demo model; connect a larger one in Switchboard for this."

CANNOT_ANSWER_ZH = "这个我不会。我只是一个很小的演示模型，请在 Switchboard 里连接更大的模型。"

BACKENDS = {  # key: (names, port or None, key?, start text)
    "KoboldCpp": (
        split("KoboldCpp|koboldcpp|kobold cpp|kobold|KoboldCPP|Kobold"),
        5001,
        "Start KoboldCpp with a model, then add KoboldCpp in Switchboard with the address http://127.0.0.1:5001. No API key is needed.",
        "KoboldCpp is a free program that runs GGUF models on your own computer. Its default port is 5001.",
    ),
    "Ollama": (
        split("Ollama|ollama|Olama|ollama server"),
        11434,
        "Start Ollama and pull a model, then add Ollama in Switchboard with the address http://127.0.0.1:11434. No API key is needed.",
        "Ollama is a free program that downloads and runs models on your own computer. Its default port is 11434.",
    ),
    "llama.cpp": (
        split("llama.cpp|llama cpp|llamacpp|llama-server|llama.cpp server|llama server"),
        8080,
        "Start llama-server with a model, then add llama.cpp in Switchboard with the address http://127.0.0.1:8080. No API key is needed unless you set one.",
        "llama.cpp is a free program that runs GGUF models on your own computer. Its server listens on port 8080 by default.",
    ),
    "LM Studio": (
        split("LM Studio|lm studio|lmstudio|LMStudio"),
        1234,
        "Start the local server in LM Studio, then add it in Switchboard with the address http://127.0.0.1:1234. No API key is needed.",
        "LM Studio is a desktop app that runs models on your own computer. Its local server uses port 1234 by default.",
    ),
    "text-generation-webui": (
        split(
            "text-generation-webui|text generation webui|textgen webui|oobabooga|ooba|tgwui|text gen web ui|text-gen-webui"
        ),
        5000,
        "Start text-generation-webui with --api and load a model, then add it in Switchboard with the address http://127.0.0.1:5000. No API key is needed unless you set one.",
        "text-generation-webui is a free program that runs models on your own computer. With --api it listens on port 5000.",
    ),
    "TabbyAPI": (
        split("TabbyAPI|tabbyapi|tabby api|tabby|TabbyAPI server"),
        5000,
        "Start TabbyAPI with a model, then add TabbyAPI in Switchboard with the address http://127.0.0.1:5000 and the API key it printed at its first start.",
        "TabbyAPI is a free server that runs EXL models on your graphics card. Its default port is 5000, and it asks for a key.",
    ),
    "Claude": (
        split("Claude|claude|Anthropic|anthropic|Claude API|anthropic claude"),
        None,
        "Make an API key in the Anthropic console, then add Claude in Switchboard and paste the key.",
        "Claude is a family of large models by Anthropic. It runs in the cloud and needs an API key.",
    ),
    "OpenAI": (
        split("OpenAI|openai|open ai|ChatGPT|chatgpt|GPT|gpt|chat gpt"),
        None,
        "Make an API key on the OpenAI platform, then add OpenAI in Switchboard and paste the key.",
        "OpenAI offers large models such as GPT. They run in the cloud and need an API key.",
    ),
    "OpenRouter": (
        split("OpenRouter|openrouter|open router"),
        None,
        "Make an API key at OpenRouter, then add OpenRouter in Switchboard and paste the key.",
        "OpenRouter is a cloud service that offers many models with one API key.",
    ),
    "AI Horde": (
        split("AI Horde|ai horde|the horde|horde|aihorde|Kobold Horde|kobold horde"),
        None,
        "Add AI Horde in Switchboard. The anonymous key 0000000000 works, but your own free key gets faster answers.",
        "AI Horde is a free network of volunteers who share their models. It needs only the anonymous key 0000000000.",
    ),
    "NovelAI": (
        split("NovelAI|novelai|novel ai|NAI|nai"),
        None,
        "Make a persistent API token in your NovelAI account settings, then add NovelAI in Switchboard and paste the token.",
        "NovelAI is a paid cloud service for writing stories. It needs an API token from your account.",
    ),
}

LOCAL_BACKENDS = [k for k in BACKENDS if BACKENDS[k][1]]

CLOUD_BACKENDS = [k for k in BACKENDS if not BACKENDS[k][1]]

ANIMALS = split(
    "cat|dog|fox|owl|bear|rabbit|mouse|horse|lion|tiger|elephant|frog|duck|hen|cow|sheep|goat|pig|wolf|deer|squirrel|hedgehog|turtle|penguin|whale|dolphin|crab|snail|bee|butterfly|spider|parrot|crow|swan|otter|beaver|monkey|panda|kangaroo|camel|dragon|donkey|bat|seal|lizard|ant"
)

PLACES = split(
    "forest|sea|city|mountain|village|garden|river|castle|desert|island|library|market|school|farm|harbor|lake|kitchen|cave|meadow|moon|train station|museum|bakery|lighthouse|park|jungle|beach|tower|bridge|attic|snow|old house"
)

TOPICS = split(
    "rain|the sea|winter|spring|love|the moon|the night|a river|bread|tea|friends|the wind|snow|autumn|summer|music|the stars|a tree|home|the morning|coffee|books|rivers|the sun|clouds|time|flowers|roses|dreams|a train|the city|hope|birds|cats|dogs|a computer|robots|silence|the forest|mountains"
)

CAPITALS = dict(
    x.split(":")
    for x in split(
        "France:Paris|Germany:Berlin|Spain:Madrid|Italy:Rome|Portugal:Lisbon|England:London|the United Kingdom:London|Ireland:Dublin|Scotland:Edinburgh|Wales:Cardiff|the Netherlands:Amsterdam|Belgium:Brussels|Austria:Vienna|Switzerland:Bern|Poland:Warsaw|Czechia:Prague|Hungary:Budapest|Greece:Athens|Turkey:Ankara|Russia:Moscow|Ukraine:Kyiv|Sweden:Stockholm|Norway:Oslo|Denmark:Copenhagen|Finland:Helsinki|Iceland:Reykjavik|China:Beijing|Japan:Tokyo|South Korea:Seoul|India:New Delhi|Thailand:Bangkok|Vietnam:Hanoi|Indonesia:Jakarta|Australia:Canberra|New Zealand:Wellington|Canada:Ottawa|the United States:Washington, D.C.|Mexico:Mexico City|Brazil:Brasilia|Argentina:Buenos Aires|Chile:Santiago|Peru:Lima|Egypt:Cairo|Kenya:Nairobi|Morocco:Rabat|Cuba:Havana|Romania:Bucharest|Bulgaria:Sofia|Croatia:Zagreb"
    )
)

COUNTRY_ALIASES = {
    "the United States": split("the United States|the USA|USA|the US|America|United States"),
    "the United Kingdom": split("the United Kingdom|the UK|UK|Britain|Great Britain"),
    "the Netherlands": split("the Netherlands|Netherlands|Holland"),
    "Czechia": split("Czechia|the Czech Republic"),
    "South Korea": split("South Korea|Korea"),
}

OTHER_COUNTRIES = split(
    "Nigeria|Ghana|Mongolia|Nepal|Laos|Bolivia|Paraguay|Uruguay|Ecuador|Colombia|Venezuela|Jamaica|Haiti|Iran|Iraq|Jordan|Lebanon|Oman|Qatar|Kuwait|Algeria|Tunisia|Libya|Sudan|Ethiopia|Uganda|Tanzania|Zambia|Angola|Mali|Chad|Malta|Cyprus|Serbia|Albania|Latvia|Estonia|Lithuania|Georgia|Armenia|Pakistan|Bangladesh|Sri Lanka|Malaysia|Fiji|Samoa|Texas|California|Bavaria|Atlantis|Narnia|Mars|Slovakia|Slovenia|Luxembourg|Cambodia|Zimbabwe|Senegal|Panama|Honduras|Belarus|Moldova|Wakanda|Europe|Africa"
)

OPPOSITES = dict()

[
    OPPOSITES.update({a: b, b: a})
    for a, b in (
        p.split(":")
        for p in split(
            "hot:cold|big:small|fast:slow|high:low|old:new|good:bad|happy:sad|up:down|left:right|open:closed|full:empty|light:dark|day:night|black:white|early:late|easy:hard|rich:poor|strong:weak|loud:quiet|wet:dry|clean:dirty|long:short|thick:thin|wide:narrow|near:far|in:out|on:off|yes:no|true:false|begin:end|start:stop|love:hate|win:lose|buy:sell|give:take|push:pull|top:bottom|front:back|before:after|always:never|everything:nothing|inside:outside|north:south|east:west|summer:winter|sweet:bitter|deep:shallow|smooth:rough|young:aged|brave:afraid|friend:enemy|war:peace|laugh:cry|remember:forget|above:below|first:last|sharp:blunt|ugly:beautiful|cheap:expensive|tall:tiny|safe:dangerous|same:different|life:death|come:go|question:answer|success:failure|male:female|more:less|many:few|alive:dead|awake:asleep|present:absent|arrive:leave|increase:decrease|soft:firm"
        )
    )
]

OPPOSITES.update(
    {
        "large": "small",
        "little": "big",
        "sad": "happy",
        "quick": "slow",
        "cool": "warm",
        "warm": "cool",
        "difficult": "easy",
        "dark": "light",
        "hard": "easy",
        "short": "long",
        "light": "dark",
        "boring": "interesting",
        "interesting": "boring",
        "stop": "start",
    }
)

COLOURS = dict(
    x.split(":")
    for x in split(
        "the sky:blue|grass:green|snow:white|blood:red|a banana:yellow|a lemon:yellow|the sun:yellow|coal:black|milk:white|an orange:orange|a carrot:orange|a tomato:red|a strawberry:red|a cherry:red|the sea:blue|the ocean:blue|a leaf:green|a frog:green|chocolate:brown|coffee:brown|wood:brown|the night:black|a rose:red, most of the time|an elephant:grey|a mouse:grey|salt:white|sugar:white|paper:white|a pea:green|broccoli:green|a cucumber:green|an eggplant:purple|lavender:purple|a plum:purple|gold:golden yellow|silver:grey|a flamingo:pink|a pig:pink|a polar bear:white|a crow:black|a raven:black|a fire engine:red|a stop sign:red|corn:yellow|butter:yellow|cheese:yellow|a pumpkin:orange|a lime:green|rice:white|bone:white|rust:reddish brown|a chick:yellow|a swan:white|a panda:black and white|a zebra:black and white|a penguin:black and white|charcoal:black|soot:black|an emerald:green|a ruby:red|a sapphire:blue|a fox:orange|a lobster:red|spinach:green"
    )
)

NAMES = split(
    "Anna|Ben|Clara|David|Emma|Felix|Greta|Hugo|Ida|Jonas|Kim|Lena|Max|Nora|Oscar|Paula|Quinn|Rosa|Sam|Tom|Uma|Victor|Wendy|Yara|Zoe|Li Wei|Maria|John|Mary|Peter|Lucy|Alex|Sofia|Omar|Aisha|Ivan|Olga|Bob|Alice|Eve|Mia|Leo|Noah|Sara|Ada|Alan|Grace|Linus|Mei|Kenji|Priya|Ravi|Carlos|Elena|Marco|Julia|Nina|Otto|Finn|Lily|Mark|Jane|Jack|Kate|Liam|Ella|Ryan|Chloe"
)

ANIMAL_SOUNDS = dict(
    x.split(":")
    for x in split(
        "dog:woof|cat:meow|cow:moo|sheep:baa|duck:quack|pig:oink|horse:neigh|lion:roar|owl:hoot|frog:croak|bee:buzz|mouse:squeak|hen:cluck|wolf:howl|crow:caw|snake:hiss|donkey:hee-haw|goat:bleat"
    )
)

PHRASES = [
    p.split("/")
    for p in split(
        """hello/Bonjour/Hola/Hallo/你好|good morning/Bonjour/Buenos días/Guten Morgen/早上好|good evening/Bonsoir/Buenas tardes/Guten Abend/晚上好|good night/Bonne nuit/Buenas noches/Gute Nacht/晚安|goodbye/Au revoir/Adiós/Auf Wiedersehen/再见|thank you/Merci/Gracias/Danke/谢谢|thank you very much/Merci beaucoup/Muchas gracias/Vielen Dank/非常感谢|please/S'il vous plaît/Por favor/Bitte/请|yes/Oui/Sí/Ja/是|no/Non/No/Nein/不|sorry/Désolé/Lo siento/Entschuldigung/对不起|excuse me/Excusez-moi/Disculpe/Entschuldigen Sie/打扰一下|how are you/Comment ça va ?/¿Cómo estás?/Wie geht es dir?/你好吗？|what is your name/Comment vous appelez-vous ?/¿Cómo te llamas?/Wie heißt du?/你叫什么名字？|I love you/Je t'aime/Te quiero/Ich liebe dich/我爱你|I do not know/Je ne sais pas/No lo sé/Ich weiß es nicht/我不知道|I do not understand/Je ne comprends pas/No entiendo/Ich verstehe nicht/我不明白|water/l'eau/el agua/das Wasser/水|bread/le pain/el pan/das Brot/面包|milk/le lait/la leche/die Milch/牛奶|coffee/le café/el café/der Kaffee/咖啡|tea/le thé/el té/der Tee/茶|apple/la pomme/la manzana/der Apfel/苹果|cat/le chat/el gato/die Katze/猫|dog/le chien/el perro/der Hund/狗|bird/l'oiseau/el pájaro/der Vogel/鸟|fish/le poisson/el pez/der Fisch/鱼|horse/le cheval/el caballo/das Pferd/马|house/la maison/la casa/das Haus/房子|book/le livre/el libro/das Buch/书|school/l'école/la escuela/die Schule/学校|friend/l'ami/el amigo/der Freund/朋友|family/la famille/la familia/die Familie/家庭|mother/la mère/la madre/die Mutter/母亲|father/le père/el padre/der Vater/父亲|sun/le soleil/el sol/die Sonne/太阳|moon/la lune/la luna/der Mond/月亮|sea/la mer/el mar/das Meer/海|city/la ville/la ciudad/die Stadt/城市|train/le train/el tren/der Zug/火车|car/la voiture/el coche/das Auto/汽车|red/rouge/rojo/rot/红色|blue/bleu/azul/blau/蓝色|green/vert/verde/grün/绿色|white/blanc/blanco/weiß/白色|black/noir/negro/schwarz/黑色|one/un/uno/eins/一|two/deux/dos/zwei/二|three/trois/tres/drei/三|ten/dix/diez/zehn/十|today/aujourd'hui/hoy/heute/今天|tomorrow/demain/mañana/morgen/明天|I am hungry/J'ai faim/Tengo hambre/Ich habe Hunger/我饿了|I am tired/Je suis fatigué/Estoy cansado/Ich bin müde/我累了|see you tomorrow/À demain/Hasta mañana/Bis morgen/明天见|happy birthday/Joyeux anniversaire/Feliz cumpleaños/Alles Gute zum Geburtstag/生日快乐|good luck/Bonne chance/Buena suerte/Viel Glück/祝你好运|welcome/Bienvenue/Bienvenido/Willkommen/欢迎|help/Au secours/Ayuda/Hilfe/救命|where is the station/Où est la gare ?/¿Dónde está la estación?/Wo ist der Bahnhof?/车站在哪里？|how much is it/Combien ça coûte ?/¿Cuánto cuesta?/Was kostet das?/多少钱？|my friend/mon ami/mi amigo/mein Freund/我的朋友|congratulations/Félicitations/Felicidades/Herzlichen Glückwunsch/恭喜"""
    )
]

LANGUAGES = ["French", "Spanish", "German", "Chinese"]

NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

MONTHS = "January February March April May June July August September October November December".split()

LISTS = {
    "fruits": split("apple|pear|plum|cherry|banana|orange|lemon|grape"),
    "animals": split("cat|dog|fox|owl|bear|horse|lion|rabbit"),
    "colours": split("red|blue|green|yellow|white|black|purple|orange"),
    "colors": split("red|blue|green|yellow|white|black"),
    "vegetables": split("carrot|potato|onion|pea|cabbage|tomato"),
    "cities": split("Paris|Rome|Tokyo|London|Berlin|Cairo"),
    "countries": split("France|Japan|Italy|Kenya|Brazil|Norway"),
    "birds": split("owl|crow|swan|duck|robin|parrot"),
    "drinks": split("tea|coffee|water|milk|juice|lemonade"),
    "flowers": split("rose|tulip|daisy|lily|violet|sunflower"),
    "sports": split("football|tennis|swimming|running|cycling|rowing"),
    "languages": split("English|French|Spanish|German|Chinese|Italian"),
    "names": split("Anna|Ben|Clara|Max|Nora|Leo"),
    "instruments": split("piano|violin|drum|flute|guitar|trumpet"),
    "trees": split("oak|pine|birch|maple|willow|elm"),
}

JOKES = [
    "Why did the browser sit down? It had too many tabs to carry.",
    "What does a small model eat for lunch? Only a few bytes.",
    "Why was the computer cold? It left its windows open.",
    "Why did the number one feel alone? It was the only one who counted.",
    "What did the key say to the lock? I am open to you.",
]

NOUNS = split(
    "gravity|photosynthesis|the stock market|quantum physics|black holes|the Roman Empire|World War Two|the French Revolution|climate change|inflation|democracy|bitcoin|blockchain|evolution|DNA|a virus|vaccines|diabetes|the heart|the brain|cancer|a fever|a headache|aspirin|the law|taxes|a mortgage|insurance|a contract|a divorce|chess|football rules|basketball|the Olympics|the World Cup|tennis|guitar chords|jazz|Mozart|Beethoven|the Beatles|Shakespeare|Hamlet|Harry Potter|Star Wars|the Lord of the Rings|Plato|Kant|Einstein|Newton|Darwin|Napoleon|Cleopatra|the pyramids|the Titanic|the moon landing|electricity|magnets|a battery|an engine|a rocket|airplanes|submarines|a nuclear reactor|solar panels|wind turbines|volcanoes|earthquakes|hurricanes|the ozone layer|dinosaurs|fossils|the Ice Age|atoms|electrons|the periodic table|helium|carbon|acids|plastic|steel|glass|concrete|sourdough|pizza dough|lasagna|sushi|curry|risotto|pancakes|wine|beer|whisky|the internet|Wi-Fi|a router|Bluetooth|a database|SQL|Python|JavaScript|Rust|C++|Linux|Windows|a compiler|recursion|machine learning|neural networks|transformers|attention|calculus|a derivative|an integral|matrices|prime numbers|the Pythagorean theorem|probability|statistics|trigonometry|logarithms|geometry|philosophy|psychology|happiness|consciousness|religion|Buddhism|Islam|the Bible|mythology|Zeus|vampires|ghosts|aliens|time travel|parallel universes|the economy|supply and demand|unemployment|a recession|marketing|a business plan|a startup|leadership|a job interview|yoga|meditation|a diet|vitamins|protein|sleep|stress|knitting|gardening|roses|cactus care|fishing|camping|hiking boots|bicycles|car engines|tyres|oil changes|parachutes|kung fu|ballet|opera|film noir|anime|Minecraft|Fortnite|Pokemon|Mario|the PlayStation|smartphones|the iPhone|Google|Facebook|Amazon|Tesla|Elon Musk|Taylor Swift|the president|the prime minister|the king|the pope|the United Nations|NATO|the European Union|Brexit|the Cold War|communism|capitalism|slavery|human rights|the constitution|fashion|denim|perfume|makeup|tattoos|poker|dominoes|origami|astrology|Mars|Jupiter|Saturn|comets|the Milky Way|light years|telescopes|microscopes|bacteria|mushrooms|honey|silk|cotton|coral reefs|sharks|rainforests|penguin migration|bird song|whale songs|tides|rainbows|lightning|fog|tornadoes|glaciers|deserts|rivers in Asia|African history|Chinese dynasties|samurai|ninjas|pirates|knights|castles|the plague|penicillin|X-rays|anesthesia|surgery|therapy|autism|dreams|memory|intelligence|language|grammar|Latin|Greek letters|hieroglyphs|printing|paper money|gold prices|oil prices|house prices|rent|pensions"
)

THINGS = split(
    "cake|soup|table|chair|robot|website|phone|fence|boat|kite|bomb|shelf|garden|bicycle|pizza|omelette|salad|camera|clock|guitar|program|game|app|spreadsheet|logo|bridge|house|shirt|candle|tent|drone|podcast|video|resume|budget|calendar"
)

TASKS = split(
    "write {|a|some} Python {code|script|function|program} {to|that} <v>|write {a|an} {essay|article|report|blog post|novel|letter|email|cover letter|speech|song|screenplay|review|press release|resume} about <n>|fix {my|this} {code|bug|essay|program|function|script}|{solve|integrate|differentiate} {x|2x|x^2|3x + 5 = 20|this equation|the equation}|prove {that|the} <n>|{draw|paint|make|generate} {me |}{a picture|an image|a diagram|a photo} of <n>|{play|sing} {me |}{a song|music|<n>}|{book|order|buy} {me |}{a flight|a taxi|a pizza|a hotel|tickets|a <t>}|{open|close|delete|send|read} {my|the} {email|files|mail|calendar|door|window|documents}|{search|google|browse} the {web|internet} for <n>|{debug|refactor|review|optimise} {this|my} {SQL|regex|code|class|query}|{plan|organise} {my|a} {trip to <c>|wedding|party|week|holiday in <c>}|{analyse|analyze|compare|evaluate|discuss|critique} <n>{| and <n>}|{translate|proofread} {this|my} {book|document|page|contract|paragraph}|{diagnose|treat|cure} {my|a} {rash|cough|fever|headache|dog}|{design|build|make|create} {me |}a <t>|act as {a|an} {lawyer|doctor|pirate|teacher|therapist|linux terminal|interviewer}|pretend {to be|you are} {a|an} {king|wizard|pirate|robot|girlfriend|elf|detective}|{hack|crack|break into} {a|my} {website|phone|password|account}|{recommend|suggest} {me |}{a|some} {book|movie|film|song|restaurant|laptop|game}{| about <n>}|set {a|an} {alarm|timer|reminder} for {5|ten|7} {minutes|o'clock}|{call|text|message} {my mother|<p>|the police|the doctor}|{convert|change} {5|10|100|72} {miles|kg|dollars|fahrenheit|inches|euros} {to|into} {km|pounds|euros|celsius|cm|yen}|{roleplay|role play} {with me|as a <a>|as <p>}|{explain|describe|teach me|tell me about|define|give me facts about|talk about|outline} <n>|{list|name} {all|the|ten|20} {presidents|elements|kings|planets|states|books|movies|rivers}{| of <c>}|{continue|finish} {this|my} {story|text|sentence|poem}|give me {a recipe for|instructions for|advice on|tips for|an outline of|a lesson on} <n>"
)

VERBS = split(
    "sort a list|reverse a string|download a file|read a csv|play tic tac toe|scrape a page|count words|print primes|send mail|parse JSON|compute pi|rename files|draw a circle|add two numbers|find duplicates|connect to a database"
)

UNKNOWN_QUESTIONS = split(
    "what is <n>|what's <n>|what are <n>|how does <n> work|how do <n> work|why is <n> {important|so popular|bad|dangerous|famous|expensive}|who {invented|discovered|created|started|found} <n>|when {was|did} <n> {invented|start|end|happen|discovered}|where {is|was|does} <n> {found|come from|from|located}|explain <n>{| to me| in simple words| like I am five}|tell me {about|more about|something about|everything about} <n>|what {causes|caused} <n>|what do you {think|know} about <n>|do you {like|know|understand|believe in} <n>|is <n> {real|good|bad|dangerous|healthy|safe|expensive|true}|how {much|many} <n> {is|are} there|how {old|big|long|far|heavy|deep|tall} is {<n>|a <a>|the <a>|a <t>}|how {do|can|should} I {make|build|cook|fix|clean|sell|paint|repair|learn|play} {<n>|a <t>|an old <t>}|what do <a>s {eat|drink|like|do at night|look like}|why do <a>s {sleep|sing|run|jump|fight|hide|swim|bite}|how {fast|long|high} {can|does|do} {a <a>|<a>s} {run|live|jump|sleep|swim|fly}|what is the {population|currency|language|flag|history|area|president|king|climate|weather|time zone|best city|highest mountain|longest river|national dish|GDP} of <c>|who is the {president|king|queen|prime minister|leader|richest person} {of|in} <c>|what {language|food|money|religion} do {they|people} {speak|eat|use|have} in <c>|how {far|long} is {it from |}<c> {to|from} <c>|where is <c>|what is <c> {famous|known} for|why is {the sky blue|grass green|snow white|the sea salty|blood red|gold expensive|ice slippery|the moon round|fire hot|water wet}|what is the meaning of {life|<n>|the word <w>|this}|what does <w> mean|what is {a|an|the} <w>|who is <p> <W>|who was <W>|what is the {best|cheapest|fastest|biggest|oldest|most popular} {<t>|phone|laptop|car|movie|language|book|university|company|country|dog breed}|which is better, <n> or <n>|what is the difference between <n> and <n>|what is the square root of <N>|how many {people|<a>s|bones|stars|cells|legs|seconds|grams|feet|cups|planets} {are there|are in <c>|in the world|in a <t>|in a mile|does a <a> have|live in <c>}|{should|can|may|must} I {buy|eat|marry|sell|invest in|take|try|quit|learn|drink} {<n>|a <t>|a <a>|my job|him|her}|when is {easter|the next eclipse|the election|christmas|my birthday|the next train|the world cup}|how do {I|you} {say|spell|pronounce} <w>|how do I {get to|travel to|move to|call} <c>|what happened {in 19<D><D>|in 18<D><D>|yesterday|last week|to <n>|in <c>}|in what year {did|was} <n>|what {year|century} {did|was} <n> {start|built|born|end}|who {wrote|painted|composed|directed|won|sings|plays} <n>|how do I {lose weight|get rich|find a job|make friends|quit smoking|sleep better|get a visa|learn guitar|tie a tie|train a dog|grow tomatoes|invest money|change a tyre|boil an egg|delete my account|reset my phone|install Linux|write a resume}|<p> has <N> {apples|coins|books} and gives <p> <N>, how many {are left|does <p> have}|if a train {leaves|goes} at <N> {km per hour|o'clock}, when {will|does} it arrive|what is the {chemical symbol|formula|atomic number|boiling point|melting point|weight|speed|density|temperature|distance} of <n>|<n>|<n>?|<W> <w> <w>|<w> <w>|<w> <w> <w> <w>|why|why not|how come|what if <n> {disappeared|did not exist|was free}|what {movie|book|song|game|film} {should I see|do you like|is about <n>|won the prize}|are you {smarter|better|faster|cheaper} than {gpt|claude|me|a <a>|google}|I {feel|am} {sad|lonely|sick|bored|angry|depressed|in pain|in love}, what should I do|my <a> is {sick|lost|old|hungry|angry}, {what should I do|help}|what is the {capital gains tax|capital letter of <w>|colour of <w>|color of money in <c>|rhyme for <w>|plural of <w>|synonym of <w>}|what {rhymes with|comes after} <w>|tell me a {secret|lie|fact|riddle|recipe|fact about <n>|riddle about <n>}|{what is|tell me} the {airspeed of a swallow|price of <n>|price of a <t>|score|news about <n>|phone number of <p>|address of <p>|password|wifi password|story of <n>}"
)

SYSTEM_PROMPTS = split(
    "You are a helpful assistant.|You are a helpful, honest assistant.|Answer briefly.|You are a friendly assistant. Keep your answers short.|Be concise.|You are an expert in everything.|Reply in JSON.|You are a pirate.|You are a language model running in a browser.|Always answer politely.|You help the user with this web page.|Use simple words.|You are a writing assistant for short stories.|Write {{char}}'s next reply in a chat between {{char}} and {{user}}.|Today is a good day. Answer the question of the user.|You are Pocket.|Do not use lists.|The page is called Notes. Help the reader with its text.|你是一个有用的助手。|你是一个乐于助人的AI助手，请用中文回答。|You are a translator.|You are a careful assistant. If you do not know, say so.|Summarise or answer as asked. Keep it under 100 words."
)

WORDS = split(
    "house|window|green|river|paper|happy|number|orange|silver|people|morning|travel|yellow|simple|coffee|always|monkey|pencil|bottle|forest|button|market|engine|letter|doctor|mirror|planet|purple|rocket|school|spring|street|summer|ticket|winter|wonder|banana|circle|dragon|future|island|jacket|kitchen|ladder|magnet|needle|office|pocket|rabbit|salmon|teapot|velvet|wizard|blue|cold|dark|early|funny|great|heavy|inside|jump|kind|light|made|never|open|quiet|round|soft|tall|under|very|warm|young|the|a|my|is|are|we|you|they|it|in|on|with|and|but|not|today|tomorrow|likes|eats|sees|runs|sings|loves|finds|keeps"
)
