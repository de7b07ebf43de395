-- Version 2. Text that is no valid Unicode is kept as a blob in a text column; see texts.py.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;

-- Anything that may occur more than once: messages, items of requests, system prompts, tools, routes.
CREATE TABLE piece (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    packed INTEGER NOT NULL,
    data BLOB NOT NULL
);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    titled_by TEXT NOT NULL,
    -- The words of the title, a blank before each, as the search compares them.
    title_words TEXT NOT NULL,
    created REAL NOT NULL,
    changed REAL NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    deleted_at REAL,
    source TEXT NOT NULL,
    forked_from TEXT,
    model TEXT NOT NULL DEFAULT '',
    models TEXT NOT NULL DEFAULT '[]',
    messages INTEGER NOT NULL DEFAULT 0,
    forks INTEGER NOT NULL DEFAULT 0,
    totals TEXT NOT NULL DEFAULT 'null',
    -- The cost of the totals as a number, to filter by; NULL is unknown.
    usd REAL,
    -- How the session stands, without what state_piece holds.
    state BLOB NOT NULL DEFAULT '{}'
);
CREATE INDEX session_changed ON session (changed);
CREATE INDEX session_deleted ON session (deleted_at) WHERE deleted_at IS NOT NULL;

-- The large fields of a session's state: tools, system prompts.
CREATE TABLE state_piece (
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    piece INTEGER NOT NULL REFERENCES piece (id),
    PRIMARY KEY (session, key)
) WITHOUT ROWID;
CREATE INDEX state_piece_piece ON state_piece (piece);

-- A message at its place in a session's tree. The parent is a name and not a reference: another program
-- may cut the branch at whose end a message is being written.
CREATE TABLE node (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    parent TEXT,
    piece INTEGER NOT NULL REFERENCES piece (id),
    system INTEGER REFERENCES piece (id),
    -- Whatever else is known of it, as JSON; NULL is nothing.
    more BLOB,
    role TEXT NOT NULL,
    at REAL,
    preview TEXT NOT NULL,
    model TEXT NOT NULL,
    stop TEXT,
    -- [decimal text, source, lower bound]; NULL is unknown.
    cost TEXT,
    UNIQUE (session, name)
);
CREATE INDEX node_parent ON node (session, parent);
CREATE INDEX node_piece ON node (piece, session);
CREATE INDEX node_session ON node (session, piece);
CREATE INDEX node_system ON node (system) WHERE system IS NOT NULL;

-- A list of pieces, told by its last item; lists that begin alike share their beginning. No parent is 0.
CREATE TABLE trail (
    id INTEGER PRIMARY KEY,
    parent INTEGER NOT NULL,
    piece INTEGER NOT NULL REFERENCES piece (id),
    UNIQUE (parent, piece)
);
CREATE INDEX trail_piece ON trail (piece);

-- What went over the line: the request without its long values, the headers of both ways.
CREATE TABLE wire (
    id INTEGER PRIMARY KEY,
    head INTEGER NOT NULL REFERENCES piece (id),
    request_headers INTEGER REFERENCES piece (id),
    headers BLOB
);
CREATE INDEX wire_head ON wire (head);
CREATE INDEX wire_request_headers ON wire (request_headers) WHERE request_headers IS NOT NULL;

-- The long values of a request, in the order of their places in its head.
CREATE TABLE wire_list (
    wire INTEGER NOT NULL REFERENCES wire (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    trail INTEGER NOT NULL REFERENCES trail (id),
    PRIMARY KEY (wire, place)
) WITHOUT ROWID;
CREATE INDEX wire_list_trail ON wire_list (trail);

-- The frames of an answer: one deflate stream, cut where it was written.
CREATE TABLE frames (
    id INTEGER PRIMARY KEY,
    wire INTEGER NOT NULL REFERENCES wire (id) ON DELETE CASCADE,
    data BLOB NOT NULL
);
CREATE INDEX frames_wire ON frames (wire);

CREATE TABLE exchange (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- The program that runs it, while it is open.
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT,
    after TEXT,
    route INTEGER NOT NULL REFERENCES piece (id),
    -- NULL where what went over the line is not known.
    wire INTEGER REFERENCES wire (id),
    -- Everything else of it.
    facts BLOB NOT NULL
);
CREATE INDEX exchange_session ON exchange (session);
CREATE INDEX exchange_name ON exchange (name);
CREATE INDEX exchange_route ON exchange (route);
CREATE INDEX exchange_wire ON exchange (wire) WHERE wire IS NOT NULL;
CREATE INDEX exchange_open ON exchange (session) WHERE state = 'open';

-- What each call cost, once however many copies of its session there are. It outlives its session.
CREATE TABLE spend (
    id INTEGER PRIMARY KEY,
    exchange TEXT NOT NULL UNIQUE,
    session INTEGER REFERENCES session (id) ON DELETE SET NULL,
    -- The day of ``at`` where the program ran.
    day TEXT NOT NULL,
    at REAL NOT NULL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    provider TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- In billionths of a US dollar, as is saved; NULL is unknown.
    usd INTEGER,
    source TEXT NOT NULL,
    at_least INTEGER NOT NULL,
    input INTEGER,
    cache_read INTEGER,
    cache_write_5m INTEGER,
    cache_write_1h INTEGER,
    output INTEGER,
    reasoning INTEGER,
    saved INTEGER
);
CREATE INDEX spend_session ON spend (session, day);

-- The calls of one session, day, model, endpoint and source together: few rows to add up.
CREATE TABLE spend_sum (
    session INTEGER REFERENCES session (id) ON DELETE SET NULL,
    day TEXT NOT NULL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    source TEXT NOT NULL,
    calls INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    usd INTEGER,
    at_least INTEGER NOT NULL,
    input INTEGER,
    cache_read INTEGER,
    cache_write_5m INTEGER,
    cache_write_1h INTEGER,
    output INTEGER,
    reasoning INTEGER,
    saved INTEGER,
    saved_unknown INTEGER NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX spend_sum_day ON spend_sum (day);
CREATE INDEX spend_sum_session ON spend_sum (session, day);

-- Results of calls while other calls of the same answer run.
CREATE TABLE result (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    after TEXT NOT NULL,
    owner TEXT NOT NULL,
    node BLOB NOT NULL
);
CREATE INDEX result_after ON result (session, after);

-- Typed and not sent; a session that was never begun may have one.
CREATE TABLE draft (
    session TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    at REAL NOT NULL
) WITHOUT ROWID;

-- The words of messages by their piece. Contentless: the texts themselves are in the pieces.
CREATE VIRTUAL TABLE words USING fts5 (
    text, thinking, tools,
    content = '', columnsize = 0, detail = 'column', prefix = '2', tokenize = 'ascii'
);
