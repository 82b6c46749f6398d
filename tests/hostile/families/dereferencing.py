"""Ways to have a server fetch something: in each text, URL stands for what it should not fetch."""

from __future__ import annotations

QUERIES = {
    "service": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "service, silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "service, a variable": "SELECT * { BIND(<URL> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "service, a variable of values": "SELECT * { VALUES ?x { <URL> } SERVICE SILENT ?x { ?s ?p ?o } }",
    "service, a prefix": "PREFIX x: <URL> SELECT * { SERVICE x: { ?s ?p ?o } }",
    "service, a prefix called service": "PREFIX service: <URL> ASK { SERVICE service: {} }",
    "service, relative": "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "service, escaped": "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "service, escaped at length": "SELECT * { S\\U00000045RVICE <URL> { ?s ?p ?o } }",
    "service, in small letters": "select * { service silent <URL> { ?s ?p ?o } }",
    "service, after a comment": "SELECT * { SERVICE # <http://a/>\n <URL> { ?s ?p ?o } }",
    "service, behind a number": "SELECT * { ?s ?p 1SERVICE<URL>{ ?s ?p ?o } }",
    "service, in exists": "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "service, in a sub-query": "ASK { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "service, in a construct": "CONSTRUCT { ?s ?p ?o } { SERVICE <URL> { ?s ?p ?o } }",
    "service, in a service": "ASK { SERVICE <http://a/> { SERVICE <URL> { ?s ?p ?o } } }",
    "service, in optional": "ASK { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "service, in a graph": "ASK { GRAPH <URL> { SERVICE <URL> { ?s ?p ?o } } }",
    "from": "SELECT * FROM <URL> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "from, with a graph": "SELECT * FROM <URL> FROM NAMED <URL> { GRAPH <URL> { ?s ?p ?o } }",
    "graph": "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "describe": "DESCRIBE <URL>",
    "imports": "ASK { <URL> <http://www.w3.org/2002/07/owl#imports> ?o }",
    "base": "BASE <URL> ASK { <x> <y> <z> }",
    "function": "SELECT (<URL>(1) AS ?x) {}",
    "cast": "SELECT (IRI('URL') AS ?x) (STRDT('a', <URL>) AS ?y) {}",
    "load in a query": "LOAD <URL>",
}
UPDATES = {
    "load": "LOAD <URL>",
    "load, silent": "LOAD SILENT <URL>",
    "load, into": "LOAD <URL> INTO GRAPH <a:g>",
    "load, silent, into": "LOAD SILENT <URL> INTO GRAPH <a:g>",
    "load, a prefix": "PREFIX x: <URL> LOAD x:",
    "load, relative": "BASE <URL> LOAD <>",
    "load, escaped": "\\u004COAD <URL>",
    "load, after another": "INSERT DATA { <a:a> <a:b> 1 } ; LOAD <URL>",
    "load, in small letters": "load silent <URL> into graph <a:g>",
    "load, after a comment": "LOAD # <a:b>\n <URL>",
    "using": "INSERT { ?s ?p ?o } USING <URL> WHERE { ?s ?p ?o }",
    "using named": "INSERT { ?s ?p ?o } USING NAMED <URL> WHERE { GRAPH ?g { ?s ?p ?o } }",
    "with": "WITH <URL> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "service": "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "service, silent": "DELETE { ?s ?p ?o } WHERE { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "service, a variable": "INSERT { ?s ?p ?o } WHERE { VALUES ?x { <URL> } SERVICE ?x { ?s ?p ?o } }",
    "copy": "COPY <URL> TO <a:g>",
    "add": "ADD SILENT <URL> TO DEFAULT",
    "move": "MOVE SILENT <URL> TO <a:g>",
    "clear": "CLEAR SILENT GRAPH <URL>",
    "create": "CREATE SILENT GRAPH <URL>",
    "data": "INSERT DATA { GRAPH <URL> { <URL> <http://www.w3.org/2002/07/owl#imports> <URL> } }",
}

TURTLE, JSONLD, RDFXML = "text/turtle", "application/ld+json", "application/rdf+xml"
_PREFIXES = (
    "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX sh: <http://www.w3.org/ns/shacl#> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX def: <https://w3id.org/defgraph/def/> "
)
_RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:"'
_SAID = "<rdf:Description rdf:about='a:s'><a:p>%s</a:p></rdf:Description></rdf:RDF>"
UPLOADS = {
    "owl:imports": (TURTLE, _PREFIXES + "<a:o> a owl:Ontology ; owl:imports <URL> ."),
    "seeAlso": (TURTLE, _PREFIXES + "<a:o> rdfs:seeAlso <URL> ; rdfs:isDefinedBy <URL> ."),
    "sh:js": (
        TURTLE,
        _PREFIXES + "<a:s> a sh:NodeShape ; sh:targetClass def:State ; "
        'sh:js [ sh:jsLibrary [ sh:jsLibraryURL "URL" ] ; sh:jsFunctionName "f" ] .',
    ),
    "sh:sparql with FROM": (
        TURTLE,
        _PREFIXES + "<a:s> a sh:NodeShape ; sh:targetClass def:State ; sh:sparql "
        '[ sh:select "SELECT $this FROM <URL> { ?s ?p ?o }" ] .',
    ),
    "sh:sparql with SERVICE": (
        TURTLE,
        _PREFIXES + "<a:s> a sh:NodeShape ; sh:targetClass def:State ; sh:sparql "
        '[ sh:select "SELECT $this { SERVICE <URL> { ?s ?p ?o } }" ] .',
    ),
    "sh:jsFunction": (
        TURTLE,
        _PREFIXES + "def:f a sh:JSFunction ; sh:parameter [ sh:path <a:p> ] ; "
        'sh:jsLibrary [ sh:jsLibraryURL "URL" ] ; sh:jsFunctionName "f" .',
    ),
    "sh:js rule": (
        TURTLE,
        _PREFIXES + "def:State sh:rule [ a sh:JSRule ; sh:jsLibrary [ sh:jsLibraryURL "
        '"URL"^^<http://www.w3.org/2001/XMLSchema#anyURI> ] ; sh:jsFunctionName "f" ] .',
    ),
    "sh:rule with SERVICE": (
        TURTLE,
        _PREFIXES + "def:State a sh:NodeShape ; sh:rule [ a sh:SPARQLRule ; sh:construct "
        '"CONSTRUCT { $this <a:p> ?o } { SERVICE <URL> { ?s ?p ?o } }" ] .',
    ),
    "sh:target with SERVICE": (
        TURTLE,
        _PREFIXES + "<a:s> a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "
        '"SELECT ?this { SERVICE <URL> { ?this ?p ?o } }" ] ; sh:nodeKind sh:IRI .',
    ),
    "sh:function with SERVICE": (
        TURTLE,
        _PREFIXES + "def:f a sh:SPARQLFunction ; sh:returnType rdfs:Resource ; sh:select "
        '"SELECT ?o { SERVICE <URL> { ?s ?p ?o } }" .',
    ),
    "sh:validator with LOAD": (
        TURTLE,
        _PREFIXES + "<a:c> a sh:ConstraintComponent ; sh:parameter [ sh:path <a:p> ] ; "
        'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "LOAD <URL> ; ASK {}" ] .',
    ),
    "sh:prefixes": (
        TURTLE,
        _PREFIXES + "<a:s> a sh:NodeShape ; sh:targetClass def:State ; sh:sparql "
        "[ sh:prefixes <URL> ; sh:select 'SELECT $this { $this x:p ?o }' ] . "
        "<URL> owl:imports <URL> ; sh:declare [ sh:prefix 'x' ; sh:namespace 'URL' ] .",
    ),
    "sh:shapesGraph": (
        TURTLE,
        _PREFIXES + "<> sh:shapesGraph <URL> . <a:g> sh:shapesGraph <URL> .",
    ),
    "sh:entailment": (TURTLE, _PREFIXES + "<a:s> a sh:NodeShape ; sh:entailment <URL> ."),
    "base": (TURTLE, "@base <URL> . <x> <y> <z> ."),
    "context": (JSONLD, '{"@context": "URL", "a:p": 1}'),
    "contexts": (JSONLD, '{"@context": [{}, "URL"], "a:p": 1}'),
    "context of a term": (
        JSONLD,
        '{"@context": {"t": {"@id": "a:t", "@context": "URL"}}, "t": {"a:p": 1}}',
    ),
    "context of a type": (
        JSONLD,
        '{"@context": {"T": {"@id": "a:T", "@context": "URL"}}, "@type": "T", "a:p": 1}',
    ),
    "context within": (JSONLD, '{"a:p": {"@context": "URL", "a:q": 1}}'),
    "context, imported": (JSONLD, '{"@context": {"@version": 1.1, "@import": "URL"}, "a:p": 1}'),
    "context, relative": (JSONLD, '{"@context": [{"@base": "URL"}, "context.jsonld"], "a:p": 1}'),
    "context, protected": (
        JSONLD,
        '{"@context": ["URL", {"@version": 1.1, "@protected": true, "@propagate": true}], "a:p": 1}',
    ),
    "context of a container": (
        JSONLD,
        (
            '{"@context": {"t": {"@id": "a:t", "@container": "@graph", "@context": ["URL"]}}, '
            '"t": {"a:p": 1}}'
        ),
    ),
    "context of what is included": (
        JSONLD,
        '{"@included": [{"@context": {"@import": "URL"}, "@id": "a:a", "a:p": 1}]}',
    ),
    "context in a literal": (JSONLD, '{"a:p": {"@type": "@json", "@value": {"@context": "URL"}}}'),
    "document type": (RDFXML, f"<!DOCTYPE rdf:RDF SYSTEM 'URL'>{_RDF}>{_SAID % 1}"),
    "public document type": (
        RDFXML,
        f'<!DOCTYPE rdf:RDF PUBLIC "-//W3C//DTD" "URL">{_RDF}>{_SAID % 1}',
    ),
    "external entity": (
        RDFXML,
        f'<!DOCTYPE rdf:RDF [<!ENTITY e SYSTEM "URL">]>{_RDF}>{_SAID % "&e;"}',
    ),
    "parameter entity": (
        RDFXML,
        f'<!DOCTYPE rdf:RDF [<!ENTITY % e SYSTEM "URL"> %e;]>{_RDF}>' + _SAID % "&e;",
    ),
    "entities in entities": (
        RDFXML,
        (
            "<!DOCTYPE rdf:RDF [<!ENTITY % a '<!ENTITY &#37; b SYSTEM \"URL\"> &#37;b;'> %a;]>"
            f"{_RDF}>{_SAID % '&b;'}"
        ),
    ),
    "entity of a notation": (
        RDFXML,
        (
            '<!DOCTYPE rdf:RDF [<!NOTATION n SYSTEM "URL"><!ENTITY e SYSTEM "URL" NDATA n>]>'
            f"{_RDF}>{_SAID % '&e;'}"
        ),
    ),
    "attributes by default": (
        RDFXML,
        (
            '<!DOCTYPE rdf:RDF SYSTEM "URL" [<!ATTLIST rdf:Description a:q CDATA "1">]>'
            f"{_RDF}>{_SAID % 1}"
        ),
    ),
    "style sheet and document type": (
        RDFXML,
        (
            f'<?xml-stylesheet type="text/xsl" href="URL"?><!DOCTYPE rdf:RDF PUBLIC "a" "URL">'
            f"{_RDF}>{_SAID % 1}"
        ),
    ),
    "entity with a URL": (
        RDFXML,
        f'<!DOCTYPE rdf:RDF [<!ENTITY e "URL">]>{_RDF}>{_SAID % "&e;"}',
    ),
    "xml:base": (RDFXML, f'{_RDF} xml:base="URL">{_SAID % 1}'),
    "inclusion": (
        RDFXML,
        f"{_RDF} xmlns:xi='http://www.w3.org/2001/XInclude'>"
        + _SAID % "<xi:include href='URL' parse='text'/>",
    ),
    "style sheet": (RDFXML, f"<?xml-stylesheet type='text/xsl' href='URL'?>{_RDF}>{_SAID % 1}"),
    "schema": (
        RDFXML,
        _RDF + f" xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:at='URL'>{_SAID % 1}",
    ),
    "resource": (RDFXML, f"{_RDF}><rdf:Description rdf:about='URL' a:p='1'/></rdf:RDF>"),
}
PARAMETERS = {
    "default graph": ("/sparql", {"query": "ASK { ?s ?p ?o }", "default-graph-uri": "URL"}),
    "named graph": ("/sparql", {"query": "ASK { GRAPH ?g {} }", "named-graph-uri": "URL"}),
    "graph": ("/graphs", {"graph": "URL"}),
    "thing": ("/", {"thing": "URL"}),
    "format": ("/sparql", {"query": "ASK {}", "format": "URL"}),
}
"""Of requests that read: a path, and parameters."""

CONTEXT = "http://www.w3.org/ns/json-ld#context"
PROFILE = 'application/ld+json; profile="URL http://www.w3.org/ns/json-ld#compacted"'
HEADERS = {
    "a profile": {"Content-Type": PROFILE, "Accept": PROFILE},
    "a frame": {
        "Link": '<URL>; rel="http://www.w3.org/ns/json-ld#frame"; type="application/ld+json"'
    },
    "a context for JSON": {"Link": f'<URL>; rel="{CONTEXT}"; type="application/ld+json"'},
    "another document": {"Link": '<URL>; rel="alternate"; type="application/ld+json"'},
    "a place": {"Content-Location": "URL"},
    "a host": {"X-Forwarded-Host": "URL", "Forwarded": "host=URL"},
    "who asks": {"Referer": "URL", "Origin": "URL"},
}
"""Of an upload of JSON-LD without a context of its own."""

RECONCILIATION = {
    "a type": {"queries": '{"a": {"query": "URL", "type": "URL", "limit": 1}}'},
    "a property": {
        "queries": '{"a": {"query": "x", "properties": [{"pid": "URL", "v": {"id": "URL"}}]}}'
    },
    "an extension": {"extend": '{"ids": ["URL"], "properties": [{"id": "URL"}]}'},
}
"""Of the reconciliation service: fields of a form."""
