// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names of tests, as they are written
/** One line of the catalogue: what is tried or what happens, and what comes of it. */
export interface Line {
  id: string;
  what: string;
  /** Tests by file and a piece of their name; those that bear `[id]` in their name are found without being listed. */
  tests?: [file: string, name: string][];
  /** Why there is no test, or what a test cannot show. */
  limit?: string;
}

const serve = 'lib/serve/serve.test.ts';
const identify = 'lib/serve/identify.test.ts';
const readChat = 'lib/serve/openai/read-chat.test.ts';
const plainJson = 'lib/page/plain-json.test.ts';
const announce = 'lib/page/announce.test.ts';
const calls = 'lib/page/calls.test.ts';
const relay = 'lib/relay/relay.test.ts';
const limits = 'e2e/limits.test.ts';
const frames = 'e2e/frames.test.ts';
const consent = 'lib/permissions/consent.test.ts';
const grants = 'lib/permissions/grants.test.ts';
const rates = 'lib/permissions/limits.test.ts';
const router = 'lib/router/router.test.ts';
const admission = 'lib/router/admission.test.ts';
const ledger = 'lib/usage/ledger.test.ts';
const http = 'lib/backends/http.test.ts';
const url = 'lib/backends/url.test.ts';
const sse = 'lib/backends/sse.test.ts';
const ndjson = 'lib/backends/ndjson.test.ts';
const decoder = 'lib/backends/openai-shaped/decoder.test.ts';
const streams = 'lib/testing/contract/streams.ts';
const failures = 'lib/testing/contract/failures.ts';
const stops = 'lib/testing/contract/stops.ts';
const wire = 'lib/testing/contract/wire.ts';
const faults = 'lib/testing/faults.test.ts';
const checked = 'lib/router/checked.test.ts';
const item = 'lib/storage/item.test.ts';
const store = 'lib/connections/store.test.ts';
const vault = 'lib/vault/vault.test.ts';
const manifest = 'scripts/manifest.test.ts';
const nodes = 'components/markdown/nodes.test.tsx';

/** Groups A to H. Numbers are those of the threat model's catalogue, so that both can be read side by side. */
export const groups: { name: string; title: string; lines: Line[] }[] = [
  {
    name: 'A',
    title: 'From a page to the extension',
    lines: [
      { id: 'A-1', what: 'Anything at all posted to the window is ignored; nothing throws.' },
      {
        id: 'A-2',
        what: 'Names that stand on prototypes, and names of a megabyte, find no method.',
        tests: [[serve, 'answers a method that is not in the table of the role, or only inherited']],
      },
      { id: 'A-3', what: 'Events that a script made itself are not taken for the browser’s.' },
      { id: 'A-4', what: 'Own properties over the getters of an event change nothing.' },
      { id: 'A-5', what: 'A child frame cannot speak for its parent.' },
      { id: 'A-6', what: 'A window that was opened cannot speak for its opener.' },
      { id: 'A-7', what: 'A call sent twice runs once.', tests: [[serve, 'runs an id once']] },
      {
        id: 'A-8',
        what: 'Forged answers settle no call.',
        tests: [[calls, 'settles exactly once: late, doubled and unknown replies change nothing']],
      },
      {
        id: 'A-9',
        what: 'A way to the relay that is replaced or dies lets calls fail in words, and never hang.',
        tests: [
          [relay, 'lets no listener of the page hear of it, and takes no second'],
          [relay, 'fails what the page waits for when the relay ends without a word'],
        ],
      },
      {
        id: 'A-10',
        what: 'What a call says of its own origin is not believed.',
        tests: [
          [serve, 'answers %s with bad-request where it can be addressed'],
          [identify, 'is a site: %s'],
        ],
      },
      {
        id: 'A-11',
        what: 'Addresses, headers, keys and other fields nobody knows are refused.',
        tests: [
          [readChat, 'sends nothing on that the page did not give'],
          ['lib/serve/site-methods.test.ts', 'reads a chat in our own vocabulary, and nothing beyond it'],
        ],
      },
      {
        id: 'A-12',
        what: 'No method of our own pages can be named by a site.',
        tests: [[serve, 'keeps the methods of our own pages from sites']],
      },
      {
        id: 'A-13',
        what: 'The name of a port says nothing about who is at its end.',
        tests: [
          [identify, 'is a site: %s'],
          [identify, 'is not the extension: %s'],
        ],
      },
      { id: 'A-14', what: 'The same id on two ports is two calls.' },
      {
        id: 'A-15',
        what: 'What runs after consent is what was shown.',
        tests: [
          [consent, 'ignores an answer to a question whose words were changed while it was shown'],
          [serve, 'runs an id once'],
        ],
      },
      {
        id: 'A-16',
        what: 'Fields that reach prototypes are refused; nothing is polluted anywhere.',
        tests: [[plainJson, 'hears nothing of what a page put on prototypes']],
      },
      {
        id: 'A-17',
        what: 'Each field of a page’s object is read once.',
        tests: [[plainJson, 'reads each field once, and a proxy like any other object']],
      },
      {
        id: 'A-18',
        what: 'What cannot be sent is refused by name, by rejection and not by throwing.',
        tests: [
          [plainJson, 'refuses %o and names the place'],
          [plainJson, 'refuses a cycle and nesting without end'],
        ],
      },
      {
        id: 'A-19',
        what: 'Odd values mean the same in both browsers.',
        tests: [[plainJson, 'is what JSON.stringify writes for plain data']],
      },
      {
        id: 'A-20',
        what: 'More than 8 MiB is refused before it leaves the page.',
        tests: [
          [limits, 'is told that a prompt of 9 MiB is too large'],
          [relay, 'sends nothing above 8 MiB to the browser'],
          [calls, 'refuses a call above 8 MiB without sending it'],
        ],
      },
      {
        id: 'A-21',
        what: 'A page that sends megabytes in a loop is cut off; others are not.',
        tests: [
          [serve, 'disconnects a tab that floods'],
          ['lib/serve/limits.test.ts', 'is a burst, and after it as much as time gives back'],
        ],
      },
      { id: 'A-22', what: 'Nesting without end overflows no stack.', tests: [[plainJson, 'refuses a cycle and nesting without end']] },
      {
        id: 'A-23',
        what: 'A million messages, or parts of one, are refused.',
        tests: [['lib/serve/wire.property.test.ts', 'may be nested as deeply as it likes']],
      },
      {
        id: 'A-24',
        what: 'Unknown roles and parts are refused; images are bytes and never addresses.',
        tests: [
          [readChat, 'refuses messages it cannot read and says where'],
          [readChat, 'reads images, audio and files as bytes'],
        ],
      },
      {
        id: 'A-25',
        what: 'Strange text arrives unchanged but well-formed, and is shown so that it misleads nobody.',
        tests: [
          [readChat, 'makes text well-formed and changes nothing else in it'],
          ['components/consent/quote.test.ts', 'characters that reorder or hide text are gone'],
        ],
      },
      {
        id: 'A-26',
        what: 'Numbers out of place are refused by name.',
        tests: [[readChat, 'refuses a value out of place and names the field']],
      },
      {
        id: 'A-27',
        what: 'A model’s name is looked up exactly and never becomes part of an address unencoded.',
        tests: [
          ['lib/router/resolve.test.ts', 'by %j within %j and the default %j is %s'],
          [wire, 'reaches no second server'],
          [router, 'when a granted site names another model'],
        ],
      },
      {
        id: 'A-28',
        what: 'A flood of calls hurts nobody but the page that makes it.',
        tests: [
          [limits, 'may open 2,000 calls at once'],
          [serve, 'disconnects a tab that floods'],
        ],
      },
      {
        id: 'A-29',
        what: 'A tab holds 32 ports; the next is refused in words.',
        tests: [
          [limits, 'may have 100 frames that call'],
          [serve, 'serves 32 ports of a tab'],
        ],
      },
      {
        id: 'A-30',
        what: 'Whatever a page has put in place of `window.ai` stays; the announcement works all the same.',
        tests: [[announce, 'leaves the name alone where the page has %s']],
      },
      {
        id: 'A-31',
        what: 'Replaced built-ins are not called; a page hears nothing through them.',
        tests: [['lib/page/poisoned.test.ts', 'the provider works all the same']],
      },
      { id: 'A-32', what: 'Options are read as own properties.', tests: [[plainJson, 'hears nothing of what a page put on prototypes']] },
      {
        id: 'A-33',
        what: 'No address of the extension in functions, stacks or performance entries.',
        tests: [['lib/page/chat.test.ts', 'names none of our files in the stack of an error']],
      },
      { id: 'A-34', what: 'The strictest policies stop nothing and report nothing.' },
      {
        id: 'A-35',
        what: 'Documents that are no HTML are left as they are.',
        limit: '`view-source:` and the browsers’ own PDF viewers take no content scripts at all.',
      },
      { id: 'A-36', what: 'In a frame that was only just made the API is whole or absent.' },
      { id: 'A-37', what: 'A call of the first inline script is answered, once.', tests: [[relay, 'works with the %s']] },
      { id: 'A-38', what: 'Of two copies the newer answers.', tests: [[announce, 'falls silent when a newer copy starts']] },
      { id: 'A-39', what: 'An expression or schema of a page that takes for ever to decide holds up that page alone.' },
      { id: 'A-40', what: 'Elements named like properties of the document hang no call.' },
    ],
  },
  {
    name: 'B',
    title: 'Who is asking',
    lines: [
      {
        id: 'B-1',
        what: 'A sandboxed frame at an allowed site’s address is nobody.',
        tests: [
          [frames, 'is answered for the same origin'],
          [identify, 'is refused with a reason: %s'],
        ],
      },
      { id: 'B-2', what: 'So is a page served with a sandbox policy.' },
      {
        id: 'B-3',
        what: 'Empty and `srcdoc` documents are the page that made them.',
        tests: [[frames, 'is answered for the same origin']],
      },
      { id: 'B-4', what: 'So are `blob:` documents.' },
      { id: 'B-5', what: '`data:` documents are nobody.', tests: [[frames, 'is answered for the same origin']] },
      { id: 'B-6', what: 'Files are nobody.', tests: [[identify, 'is refused with a reason: %s']] },
      {
        id: 'B-7',
        what: 'A frame of another site does not use the page’s grant.',
        tests: [
          [frames, 'is answered for the same origin'],
          [grants, 'of a frame inside another page are not those of its own pages'],
        ],
      },
      {
        id: 'B-8',
        what: 'A site inside another does not use its own grant there.',
        tests: [['lib/permissions/both-sites.test.ts', 'a frame gets nothing from its own site where the page is not allowed']],
      },
      { id: 'B-9', what: 'Nor where the innermost frame is of the page’s origin again.', tests: [[relay, 'says of %s what it knows']] },
      {
        id: 'B-10',
        what: 'A sandbox that keeps the origin keeps the identity.',
        tests: [[frames, 'is answered for the same origin']],
        limit: 'Credentialless frames and `document.domain` change nothing that the browser vouches for; they have no test of their own.',
      },
      {
        id: 'B-11',
        what: 'A prerendered page waits until somebody sees it.',
        tests: [
          [relay, 'keeps the calls of a prerendered page until somebody sees it'],
          [identify, 'is refused with a reason: %s'],
        ],
      },
      {
        id: 'B-12',
        what: 'A page that leaves while the user is asked gets nothing.',
        tests: [[consent, 'withdraws the question when the page that asked is gone']],
      },
      {
        id: 'B-13',
        what: 'A document that is replaced takes its answer with it.',
        tests: [
          ['e2e/lifecycle.test.ts', 'stops asking while it is only kept for the way back'],
          [stops, 'by leaving the loop closes the connection at once'],
        ],
      },
      {
        id: 'B-14',
        what: 'Another way to write an origin is the same origin, another origin is another.',
        tests: [
          [grants, 'belong to one exact origin'],
          [url, 'brings %s to %s'],
        ],
      },
      {
        id: 'B-15',
        what: 'Plain http is another origin than https, and answered on this computer only.',
        tests: [
          [identify, 'is refused with a reason: %s'],
          [grants, 'belong to one exact origin'],
        ],
      },
      {
        id: 'B-16',
        what: 'Names in other scripts are shown in ASCII.',
        tests: [['components/consent/origin-parts.test.ts', 'a name in another script is shown in ASCII']],
      },
      {
        id: 'B-17',
        what: 'The registrable name stands out however long the rest is.',
        tests: [['components/consent/origin-parts.test.ts', 'a long name is cut on its left']],
      },
      {
        id: 'B-18',
        what: 'A page’s title and icon are no identity.',
        limit: 'No title and no icon of a page reaches the extension: neither the wire nor the question has a field for one.',
      },
      {
        id: 'B-19',
        what: 'Other extensions find no door.',
        tests: [
          [manifest, 'gives web pages no door but the content scripts'],
          [identify, 'is refused when it comes from elsewhere or says nothing'],
        ],
      },
      {
        id: 'B-20',
        what: 'Where the browser does not say who asks, nobody does.',
        tests: [[identify, 'is refused when it comes from elsewhere or says nothing']],
      },
      { id: 'B-21', what: 'Frame numbers beyond 32 bits are kept.', tests: [[identify, 'keeps frame numbers that do not fit 32 bits']] },
      {
        id: 'B-22',
        what: 'A sender without a tab or an address is refused, and nothing breaks.',
        tests: [[identify, 'is refused with a reason: %s']],
      },
      {
        id: 'B-23',
        what: 'Firefox containers.',
        limit:
          'A grant is for an origin in every container: containers separate cookies and log-ins, neither of which is ever sent. Private windows are separate.',
      },
    ],
  },
  {
    name: 'C',
    title: 'Asking the user',
    lines: [
      { id: 'C-1', what: 'A hundred calls at once are one question.', tests: [[consent, 'asks a hundred calls of one site once']] },
      {
        id: 'C-2',
        what: 'Three refusals in half a minute are followed by a pause that outlives reloads and restarts.',
        tests: [[consent, 'three times within thirty seconds, nobody asks for a minute, then ten, then a day']],
      },
      {
        id: 'C-3',
        what: 'Fifty subdomains are one asker.',
        tests: [
          [consent, 'fifty subdomains of one name in as many tabs ask three times in ten minutes'],
          [consent, 'three times from one tab, whatever its origins'],
        ],
      },
      {
        id: 'C-4',
        what: 'Without a click on a visible page no window opens.',
        tests: [
          ['e2e/call.test.ts', 'is refused when it asks without a click of its user'],
          [consent, 'opens no window for a page that nobody clicked'],
        ],
      },
      {
        id: 'C-5',
        what: 'Allowing takes half a second of calm before the user’s eyes.',
        tests: [
          ['components/consent/arming.test.ts', 'arms half a second after the window is focused and visible'],
          ['components/consent/arming.test.ts', 'losing focus, being hidden, moved or resized disarms'],
        ],
      },
      {
        id: 'C-6',
        what: 'No page can frame, open or load a page of the extension.',
        tests: [[manifest, 'lets extension pages run their own scripts and WebAssembly only, and no page frame them']],
      },
      { id: 'C-7', what: 'A question’s address opened again can approve nothing.' },
      {
        id: 'C-8',
        what: 'Answers from elsewhere, doubled or for another question are ignored.',
        tests: [
          [consent, 'ignores an answer with %s'],
          [consent, 'is answered once: the second answer is refused'],
        ],
      },
      {
        id: 'C-9',
        what: 'A window that is closed, or whose background died, grants nothing.',
        tests: [
          [consent, 'takes a closed window for a no'],
          [consent, 'clears the question of a background that died'],
        ],
      },
      {
        id: 'C-10',
        what: 'Words of a page are quoted: short, plain, in their own direction.',
        tests: [
          ['components/consent/quote.test.ts', 'short words are quoted as they are'],
          ['components/consent/quote.test.ts', 'a flood of lines or of text is cut'],
        ],
      },
      {
        id: 'C-11',
        what: 'Covering and restyling what the extension shows in a page.',
        limit: 'The extension shows nothing in pages: consent has a window of its own.',
      },
      {
        id: 'C-12',
        what: 'Revoking ends a running answer at once.',
        tests: [['e2e/abort.test.ts', 'stops at the server when the user revokes the site']],
      },
      {
        id: 'C-13',
        what: 'A clock that is set back revives no grant.',
        tests: [
          [grants, 'do not come back to life when the clock is set back'],
          [grants, 'end after thirty idle days'],
        ],
      },
      {
        id: 'C-14',
        what: 'A grant for one model is none for another.',
        tests: [
          [router, 'asks for more when a site names a model it was not granted'],
          ['lib/router/resolve.test.ts', 'covers what it reaches and no more'],
        ],
      },
      {
        id: 'C-15',
        what: 'A connection that leads elsewhere voids what was granted for it.',
        tests: [[router, 'again once the connection points elsewhere']],
      },
      {
        id: 'C-16',
        what: '“Once” is one call; “never” is silent.',
        tests: [
          ['e2e/call.test.ts', 'is allowed one call where the user chose once'],
          ['e2e/call.test.ts', 'is refused for good where the user blocked it'],
        ],
      },
      {
        id: 'C-17',
        what: 'What was decided elsewhere settles the question.',
        tests: [[consent, 'is settled by what the user does elsewhere']],
      },
      { id: 'C-18', what: 'Questions that flash up and go are no way to pester: three of them, and the site waits.' },
      { id: 'C-19', what: 'Marks piled up on a letter do not reach over the name of the site.' },
    ],
  },
  {
    name: 'D',
    title: 'Money',
    lines: [
      {
        id: 'D-1',
        what: 'Of a hundred calls at the edge of a budget only those run that fit.',
        tests: [
          [ledger, 'lets one of a hundred calls through'],
          [router, 'of tokens a day: of ten calls at the edge only those run that fit'],
        ],
      },
      {
        id: 'D-2',
        what: 'Nonsense about usage never lowers what is counted.',
        tests: [
          [decoder, 'tells usage: %s'],
          [router, 'what the server says it used, and what it cost where a price is known'],
        ],
      },
      { id: 'D-3', what: 'A stopped answer is charged for what came.', tests: [[ledger, 'gives back what was reserved and not used']] },
      {
        id: 'D-4',
        what: 'A death of the background loses no money and counts none twice.',
        tests: [[ledger, 'counts what a background that died was spending, once']],
      },
      {
        id: 'D-5',
        what: 'Another attempt is made only where the first was refused, and counted once.',
        tests: [
          [router, 'charges nothing for a call that the server refused'],
          [http, 'happens after a %i that passes'],
          [http, 'does not happen after a %i'],
        ],
      },
      {
        id: 'D-6',
        what: 'A price nobody knows is unpriced and never free.',
        tests: [[admission, 'without a price is unpriced, is never called free']],
      },
      { id: 'D-7', what: 'Sums are whole millionths and exact.', tests: [[ledger, 'adds a tenth of a cent a million times, exactly']] },
      { id: 'D-8', what: 'A day begins at the user’s midnight.', tests: [[ledger, 'starts a new day at midnight of the user']] },
      {
        id: 'D-9',
        what: 'A page nobody sees may ask a tenth as often.',
        tests: [[rates, 'gives a page that nobody sees a tenth of the calls']],
      },
      {
        id: 'D-10',
        what: 'One site’s limits are not another’s.',
        tests: [
          [rates, 'counts two interleaved askers each by itself'],
          [limits, 'is not read ahead for where it never reads, and other sites’ answers go on'],
        ],
      },
      {
        id: 'D-11',
        what: 'Images and files count.',
        limit: 'The estimate before a call is by kind and size; what the server says it used is booked.',
      },
      {
        id: 'D-12',
        what: 'Ten sites that alternate are counted each by itself.',
        tests: [[rates, 'interleaves ten askers without one wiping the count of another']],
      },
      {
        id: 'D-13',
        what: 'A budget lowered below what is spent stops what runs.',
        tests: [[admission, 'that the user lowers below what is spent stops what runs']],
      },
    ],
  },
  {
    name: 'E',
    title: 'Network and keys',
    lines: [
      {
        id: 'E-1',
        what: 'Addresses are http or https, when they are saved and when they are used.',
        tests: [
          [url, 'refuses %j and says why'],
          [http, 'refuses %s before anything is sent'],
        ],
      },
      { id: 'E-2', what: 'Passwords, fragments and tricks in an address are refused.', tests: [[url, 'refuses %j and says why']] },
      {
        id: 'E-3',
        what: 'Every way to write an address of this computer is seen as one; metadata services are refused.',
        tests: [
          [url, 'says %s is on the %s'],
          [http, 'refuses the metadata service of a cloud machine'],
        ],
      },
      {
        id: 'E-4',
        what: 'A key never crosses the internet unencrypted.',
        tests: [
          [vault, 'refuses a key for a company reached without encryption'],
          [http, 'does not go over the internet unencrypted'],
        ],
      },
      {
        id: 'E-5',
        what: 'No redirect is followed; the second server sees nothing.',
        tests: [
          [http, 'follows no redirect'],
          [faults, '(${fault}) is not followed'],
          [wire, 'follows no redirect, sends no cookie and no referrer'],
        ],
      },
      {
        id: 'E-6',
        what: 'A new address never gets the old key.',
        tests: [
          ['e2e/secrets.test.ts', 'does not follow the connection to another address'],
          [vault, 'opens nothing for another origin or backend'],
          ['lib/backup/backup.test.ts', 'gives no key to an address that somebody wrote into the file'],
        ],
      },
      {
        id: 'E-7',
        what: 'What cannot be a key is refused when it is entered.',
        tests: [
          [vault, 'refuses %s as a key, without repeating it'],
          [vault, 'takes the spaces and line ends that pasting adds'],
        ],
      },
      {
        id: 'E-8',
        what: 'Headers of the browser’s own cannot be set.',
        tests: [['lib/backends/custom/custom.test.ts', 'refuses the header %j in its settings']],
      },
      {
        id: 'E-9',
        what: 'A request has no cookie, no referrer and no header that tells more than it must.',
        tests: [
          [wire, 'has no header that tells more than it must'],
          [http, 'asks fetch for nothing that could leak'],
        ],
      },
      {
        id: 'E-10',
        what: 'A page’s own requests to a local server keep their Origin.',
        tests: [
          ['e2e/origin.test.ts', 'still sees the Origin of a page that asks it directly'],
          ['lib/connections/origin-rules.test.ts', 'touch requests of this extension to connected origins, and nothing else'],
        ],
      },
      {
        id: 'E-11',
        what: 'A page cannot tell why a server is out of reach.',
        tests: [
          ['e2e/errors.test.ts', 'is unreachable where nothing listens'],
          [serve, 'tells a site nothing of hosts'],
        ],
        limit:
          'Time still tells a refused connection from a silent one, of a server that the user connected and a page that the user allowed.',
      },
      {
        id: 'E-12',
        what: 'A key that a server repeats reaches nobody.',
        tests: [
          [failures, 'never repeats the key, whatever the server says'],
          ['lib/backends/scrub.test.ts', 'hides known secrets wherever they stand'],
        ],
      },
      { id: 'E-13', what: 'A server that asks for a password opens no dialog.' },
      { id: 'E-14', what: 'A log-in page is no answer.', tests: [[http, 'takes a web page at 200 for what it is']] },
      {
        id: 'E-15',
        what: 'TLS that fails is told with what to look at.',
        limit: 'Browsers tell extensions only that the connection failed; certificates of several kinds would be the same test.',
      },
      {
        id: 'E-16',
        what: 'What unfolds to gigabytes is cut at 64 MB.',
        tests: [
          [http, 'that unfolds without end is cut at 64 MB'],
          [faults, 'that unfolds to more than memory allows is refused'],
        ],
      },
      {
        id: 'E-17',
        what: 'A list of a million models is cut down.',
        tests: [
          [faults, 'of 50 MB is refused or cut down, and holds no model twice'],
          [store, 'is kept without duplicates, absurd ids and endless descriptions'],
        ],
      },
      { id: 'E-18', what: 'Commands in response headers do nothing.' },
      {
        id: 'E-19',
        what: 'A name that leads to another computer tomorrow.',
        tests: [[vault, 'refuses a key for a company reached without encryption']],
        limit: 'An extension cannot see or pin the address behind a name. Keys go over TLS, or to names of the user’s own network.',
      },
      {
        id: 'E-20',
        what: 'Looking for servers asks this computer only, without a key, and changes nothing.',
        tests: [
          ['lib/testing/detection.test.ts', 'asks by GET alone, with nothing that could change a server'],
          ['lib/backends/detect.test.ts', 'finds the servers of this device, asks no other ports'],
        ],
      },
    ],
  },
  {
    name: 'F',
    title: 'Streams and bodies',
    lines: [
      {
        id: 'F-1',
        what: 'Characters cut at any byte are whole again; only bad bytes are replaced.',
        tests: [
          [sse, 'decodes characters that are cut between two reads at any byte'],
          [sse, 'replaces only bytes that are wrong'],
        ],
      },
      {
        id: 'F-2',
        what: 'A byte order mark is ignored.',
        tests: [[sse, 'ignores a byte order mark, comments, ids, retries and unknown fields']],
      },
      { id: 'F-3', what: 'Every kind of line end, at every split.', tests: [[sse, 'takes %s line ends at every split']] },
      {
        id: 'F-4',
        what: 'Comments, several data lines and unknown fields.',
        tests: [[sse, 'ignores a byte order mark, comments, ids, retries and unknown fields']],
      },
      { id: 'F-5', what: 'Text that looks like the protocol is text.', tests: [[streams, 'keeps text that looks like the protocol']] },
      {
        id: 'F-6',
        what: 'An end without its mark is cut off, unless a reason was given.',
        tests: [
          [failures, 'in the middle (${failMode}) is told as interrupted'],
          ['lib/backends/openai-shaped/engine.test.ts', 'is complete once a reason to end came'],
        ],
      },
      {
        id: 'F-7',
        what: 'Nothing counts after the end.',
        tests: [
          [checked, 'ends at the first end, whatever the engine sends after it'],
          ['lib/backends/openai-shaped/engine.test.ts', 'ends at [DONE] though the server keeps the connection open'],
        ],
      },
      {
        id: 'F-8',
        what: 'Garbage in the middle is an error; what came before is kept.',
        tests: [
          [failures, 'in the stream (${failure}) has its code, after the text so far'],
          [decoder, 'never fails but with an error of ours, whatever comes'],
        ],
      },
      {
        id: 'F-9',
        what: 'Lines and events have an end at one megabyte.',
        tests: [
          [sse, 'refuses a line without an end'],
          [ndjson, 'refuses a line without an end'],
          [faults, '(${fault}) is told in words'],
        ],
      },
      {
        id: 'F-10',
        what: 'A million small events are few messages.',
        tests: [
          [serve, 'sends one message for each batch of the engine'],
          [decoder, 'reads ten thousand events within the time of a few frames'],
        ],
      },
      {
        id: 'F-11',
        what: 'Lines of JSON: blank, doubled, without end.',
        tests: [
          [ndjson, 'gives the same values however the bytes fall'],
          [ndjson, 'tells a cut line from a wrong one'],
        ],
      },
      {
        id: 'F-12',
        what: 'Chunks without choices, with null, with several answers.',
        tests: [
          [decoder, 'never fails but with an error of ours, whatever comes'],
          [decoder, 'may come with %s'],
        ],
      },
      {
        id: 'F-13',
        what: 'Tool calls with absurd indices or without end.',
        tests: [
          [decoder, 'with the index %j are refused'],
          [decoder, 'that never began, or never stop coming, are refused'],
        ],
      },
      {
        id: 'F-14',
        what: 'An error inside a stream that began well.',
        tests: [[failures, 'in the stream (${failure}) has its code, after the text so far']],
      },
      {
        id: 'F-15',
        what: 'A whole answer where a stream was asked for, and the other way round.',
        tests: [
          [streams, 'may come whole although a stream was asked for'],
          [sse, 'gives out a body that is no event stream as a whole'],
        ],
      },
      {
        id: 'F-16',
        what: 'A character cut between two pieces of an answer is whole.',
        tests: [[decoder, 'joins characters that are cut between two pieces']],
      },
      {
        id: 'F-17',
        what: 'An answer without end is stopped.',
        tests: [
          [checked, 'has a largest size'],
          [router, 'when the budget ends in the middle of an answer nobody bounded'],
        ],
      },
      {
        id: 'F-18',
        what: 'Fields nobody knows break nothing.',
        tests: [
          [decoder, 'keeps thinking apart, whatever the field is called'],
          [decoder, 'never fails but with an error of ours, whatever comes'],
        ],
      },
      { id: 'F-19', what: 'Runs of blanks and marks, in what a page sends and in what a model answers, are read in linear time.' },
      { id: 'F-20', what: 'Words of a server that stand on prototypes are words like any other.' },
    ],
  },
  {
    name: 'G',
    title: 'Faults',
    lines: [
      {
        id: 'G-1',
        what: 'The background dies at each step of a call.',
        tests: [['e2e/lifecycle.test.ts', 'is told that its answer was cut off when the background dies']],
      },
      {
        id: 'G-2',
        what: 'Silence of minutes before the first word.',
        tests: [['e2e/silence.test.ts', 'before its first word is waited for']],
        limit:
          'In every run 36 seconds, six more than either browser lets a quiet background live; the soak waits five minutes before a first word, and five in the middle.',
      },
      {
        id: 'G-3',
        what: 'Silence between words: long is waited for, too long is told.',
        tests: [
          [http, 'end a wait for the first byte, and a silence after it'],
          [failures, 'by silence ends in time, wherever the silence falls'],
        ],
      },
      {
        id: 'G-4',
        what: 'In Firefox, posting words alone keeps nobody awake; the heartbeat does.',
        tests: [
          ['lib/serve/keep-alive.test.ts', 'pings every twenty seconds while work is held, and never when idle'],
          ['e2e/silence.test.ts', 'before its first word is waited for'],
        ],
      },
      {
        id: 'G-5',
        what: 'An idle background may sleep, and wakes for the next call.',
        tests: [
          ['e2e/lifecycle.test.ts', 'wakes a background that slept'],
          [relay, 'wakes the background while the page waits, and leaves it when it does not'],
          ['lib/serve/keep-alive.test.ts', 'pings every twenty seconds while work is held, and never when idle'],
        ],
      },
      { id: 'G-6', what: 'Fifty calls wake one background.' },
      {
        id: 'G-7',
        what: 'Updated, switched off or removed in the middle of an answer.',
        tests: [[relay, 'says gone, once and to every later call']],
      },
      { id: 'G-8', what: 'An update waits for running answers, and not for ever.' },
      {
        id: 'G-9',
        what: 'Into the back/forward cache and out again.',
        tests: [['e2e/lifecycle.test.ts', 'stops asking while it is only kept for the way back, and works after it']],
      },
      {
        id: 'G-10',
        what: 'Closed tabs and removed frames stop the server within a second.',
        tests: [['e2e/abort.test.ts', 'stops at the server when the tab is closed']],
      },
      {
        id: 'G-11',
        what: 'A page that is busy is not flooded.',
        tests: [[serve, 'reads no further than the window while nobody consumes']],
      },
      {
        id: 'G-12',
        what: 'A page that never reads stops the server’s words.',
        tests: [
          [limits, 'is not read ahead for where it never reads'],
          [serve, 'gives up on a reader that consumes nothing'],
        ],
      },
      {
        id: 'G-13',
        what: 'Aborting at any moment, twice, a thousand times: one end each, nothing left behind.',
        tests: [
          [calls, 'leaves nothing behind after a thousand calls started and stopped'],
          [checked, 'fails at once when aborted %s'],
          [stops, 'a hundred times leaves no connection behind'],
        ],
      },
      {
        id: 'G-14',
        what: 'Everything that sockets do.',
        tests: [
          [faults, '(${fault}) is told in words'],
          [faults, '(${fault}) brings the whole answer'],
        ],
      },
      {
        id: 'G-15',
        what: 'Every status, with every kind of body.',
        tests: [
          [failures, '${failure} is told as ${code}'],
          ['lib/backends/backend-error.test.ts', 'writes a sentence for %s (%s)'],
          [http, 'that is absurdly long is told as such'],
        ],
      },
      { id: 'G-16', what: 'Every way to write how long to wait.', tests: [['lib/backends/retry-after.test.ts', 'reads %j as %s seconds']] },
      {
        id: 'G-17',
        what: 'Sleep, and networks that come and go.',
        tests: [[failures, 'in the middle (${failMode}) is told as interrupted']],
        limit:
          'A test cannot put the computer to sleep. What it leads to can be tested: connections that broke, clocks that jumped, backgrounds that died; the soak stops the whole browser for 40 seconds.',
      },
      {
        id: 'G-18',
        what: 'Storage that fails, is full, damaged or of a newer version is never reset.',
        tests: [
          [item, 'reports a storage that fails to %s and changes nothing'],
          [item, 'says that it is damaged when the copy is too, and writes nothing over it'],
          [item, 'shows what a newer version wrote and never writes over it'],
          [item, 'comes back with all others that were lost, whichever is changed first'],
          [vault, 'asks for the key again where the browser has emptied the vault, and goes nowhere without it'],
        ],
        limit:
          'Both browsers empty a storage that they find damaged. Settings come back from their second copy; keys are asked for again; what was spent before is forgotten with its book.',
      },
      {
        id: 'G-19',
        what: 'Two windows that save at once.',
        tests: [
          [store, 'survive two windows saving at once'],
          [item, 'loses none of a hundred changes made at once'],
        ],
      },
      {
        id: 'G-20',
        what: 'Old formats are read; newer ones are left alone.',
        tests: [
          [grants, 'of the first version become what they meant'],
          [grants, 'that a newer version wrote are left alone'],
        ],
      },
      {
        id: 'G-21',
        what: 'Thousands of entries.',
        tests: [[ledger, 'drops what is older than the user keeps, and the oldest of too many']],
        limit: 'The time the popup takes to open is a figure of the benchmark.',
      },
      {
        id: 'G-22',
        what: 'A hundred restarts of the background leave no listener behind.',
        tests: [
          [relay, 'asks a background that dies at once more and more slowly'],
          [calls, 'leaves nothing behind after a thousand calls started and stopped'],
        ],
      },
      {
        id: 'G-23',
        what: 'Clocks that jump a year.',
        tests: [
          [grants, 'do not come back to life when the clock is set back'],
          ['lib/vault/passphrase.test.ts', 'is locked when the browser starts, and when the clock was set back'],
          ['lib/serve/limits.test.ts', 'is a burst, and after it as much as time gives back'],
        ],
        limit: 'Waits are measured by timers and `performance.now`, which no wall clock moves.',
      },
      {
        id: 'G-24',
        what: 'A hundred megabytes leave no trace in memory.',
        tests: [[serve, 'reads no further than the window while nobody consumes']],
        limit: 'The heap after 100 MB is a figure of the benchmark, and the soak prints the memory of all processes.',
      },
      {
        id: 'G-25',
        what: 'Browsers without an optional interface.',
        tests: [
          [consent, 'uses a tab where the browser has no windows'],
          ['lib/connections/origin-rules.test.ts', 'stop nobody where the browser refuses them'],
        ],
      },
      { id: 'G-26', what: 'A page that opens its document anew, and is left, spends no more.' },
    ],
  },
  {
    name: 'H',
    title: 'Rendering, privacy, files',
    lines: [
      {
        id: 'H-1',
        what: 'Nothing in an answer makes a request.',
        tests: [
          [nodes, 'an image is never an element before somebody asked for it'],
          ['e2e/chat.test.ts', 'shows markup in an answer as text and never runs it'],
        ],
      },
      {
        id: 'H-2',
        what: 'Nothing in an answer runs.',
        tests: [
          [nodes, 'HTML in an answer is text'],
          ['scripts/layers.test.ts', 'make no code from text and no elements from text'],
        ],
      },
      { id: 'H-3', what: 'A link says where it leads.', tests: [[nodes, 'a link leads to http, https or mail only, and says to whom']] },
      {
        id: 'H-4',
        what: 'Megabytes of markdown are read in linear time.',
        tests: [['components/markdown/blocks.test.ts', 'what is built to be deep or slow becomes plain text']],
      },
      {
        id: 'H-5',
        what: 'Characters that hide or reorder text.',
        tests: [['components/consent/quote.test.ts', 'characters that reorder or hide text are gone']],
        limit:
          'Where a decision hangs on it they are taken out. In answers they stay, each block in its own direction, and copying gives the exact text.',
      },
      {
        id: 'H-6',
        what: 'Any file to import: refused with the reason, or shown before all of it is applied.',
        tests: [
          ['lib/backup/backup.test.ts', 'is refused when it is %s, with the reason'],
          ['lib/backup/backup.test.ts', 'brings no permission and no key that was not asked for'],
          ['lib/backup/backup.test.ts', 'changes nothing when the passphrase is wrong'],
        ],
      },
      {
        id: 'H-7',
        what: 'No key in a backup, unless sealed under a passphrase.',
        tests: [['lib/backup/backup.test.ts', 'holds no key without a passphrase, and no clear one with it']],
      },
      {
        id: 'H-8',
        what: 'Only the announced API tells that the extension is there.',
        tests: [[manifest, 'gives web pages no door but the content scripts']],
      },
      {
        id: 'H-9',
        what: 'Before consent nothing is asked of any server, and every answer is the same.',
        tests: [
          [router, 'and sends nothing anywhere before the answer, nor after a no'],
          [router, 'answers prompt, then what was granted, and no more'],
        ],
      },
      {
        id: 'H-10',
        what: 'Nothing connected, locked and unknown look the same before consent. A no is told only to the site that it is for.',
        tests: [
          [consent, 'with nothing connected is forgotten with its page, told when nobody connects anything, and a no is a no'],
          [admission, 'learns from no refusal whether the user has a model of that name'],
          ['e2e/secrets-lock.test.ts', 'a site is told no more than that the user is needed'],
        ],
      },
      {
        id: 'H-11',
        what: 'Events and ids link no two sites.',
        tests: [['lib/serve/site-methods.test.ts', 'tells a watcher the state, and again when it has become different']],
      },
      {
        id: 'H-12',
        what: 'Private windows leave nothing.',
        tests: [
          [grants, 'of private windows are a space of their own, in memory only'],
          [ledger, 'writes nothing about a private window'],
          [admission, 'and the ledger know nothing of private windows'],
        ],
        limit: 'Installing into private windows is the user’s own switch in the browser; the promise is tested where the decision is made.',
      },
      { id: 'H-13', what: 'A canary key and its traces on the disk.' },
      {
        id: 'H-14',
        what: 'Fields for keys forget.',
        tests: [
          ['e2e/secrets-canary.test.ts', 'is in no storage that content scripts could read, in no list and in no log'],
          ['lib/panel/panel.test.ts', 'lists the names of secrets, never their values'],
        ],
      },
      {
        id: 'H-15',
        what: 'Diagnostics that are copied.',
        limit: 'There are none to copy: errors show their code and their sentence, from which keys, prompts and answers are kept.',
      },
      {
        id: 'H-16',
        what: 'Nothing is synchronised.',
        tests: [
          ['e2e/secrets.test.ts', 'is not in the storage that Firefox lets content scripts read'],
          ['scripts/catalogue.test.ts', 'nothing is kept in storage.sync'],
        ],
      },
      { id: 'H-17', what: 'A site that may use one model learns from no refusal which others there are.' },
    ],
  },
];
