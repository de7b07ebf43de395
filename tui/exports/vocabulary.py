"""Words errors and warnings are made of; none of them tells what somebody said."""

_WORDS = """
    able above abort aborted accept accepted accepts access account actual added additional adjust after
    again allowed allows already also although always among answer answered answers anthropic appear appears
    application argument arguments around array asked assistant attempt attempted attempts authentication
    authorization azure backend balance base base64 because bedrock been before begin beginning begins
    behind below best beta between block blocks body boolean both breakpoint broke broken budget bytes cache
    cached call called calls came cancel cancelled cannot capabilities change changed changes character
    characters chat check choose chosen claude client closed code complete completion completions conflict
    configuration configured connect connection contact contain contains content context control
    conversation cost could count counts create created credentials credit current custom data database date
    days deadline decode default delay delete denied dependent deployment deployments deprecated details
    developer different disabled disallow document documents does done double dropped during each effort
    either else empty enabled encoded encrypted encryption ended endpoint ends enough ensure entity error
    errors event every exceed exceeded exceeds except exception exist existing exists expect expected
    expects expired extra failed failure fallback fallbacks false feature field fields file files final find
    finish finished first fits follow followed following follows forbidden foreign format found from
    function further gateway gave gemini generate generation generations given gone google greater group
    groups guardrail guide have header headers held help here high higher hint history host http https
    ignored image images immediately included includes including incomplete index info input inside instead
    integer interleaved internal into invalid issue item items itself json keep kept keys kind know known
    language large larger last later leads least left length less level like limit limited limits line list
    litellm load loaded local location long longer loop lost made malformed match matched matches matching
    maximum media mention message messages method minimum minute missing mode model models more most moved
    much multiple must name named names need needed needs nested never newer next nobody none nothing null
    number object obtained occurred older once ones only open openai operation option options order original
    other output over overflow overloaded page pages parameter parameters parse parsed part parts passed
    past path paths pattern pause payload penalty permission permitted please plan policy position positive
    prefill prefix previous price print prior problem process processed processing program project prompt
    properties property provide provided provider providers proxy quota ranges rate rather reach reached
    read ready reason reasoning received redacted reduce refer refused region reload remain remaining
    removed repeat request requested requests require required requires resource respond response responses
    result results retry retried return returned role roles route router routing same schema second seconds
    secret section seen select sent separate server service session setting settings several shall shape
    shorter should shown side sign signature signatures since single size some something soon source special
    specified specify stage start started starts state status step stop stopped store stored stream streamed
    streaming string strings strip structure such support supported supports switch system take taken takes
    team temperature template text than that their them then there these they thing think thinking this
    those though thread through time timed timeout times title together token tokens took tool tools total
    true turn turned turns twice type types under unable unauthorized unavailable unexpected unfinished
    unknown unless unprocessable unrecognized unsupported until update upgrade upload upstream usage used
    user uses using valid validation value values vendor verify version vertex very wait waiting warning
    warnings were what when where whether which while whole wide will with within without word words work
    works would write written wrong year your zero
"""

KNOWN_WORDS = frozenset(_WORDS.split())
