"""The grammar of SPARQL, and the table by which a text is read with one token to look ahead.

The productions are those of SPARQL 1.2 Query, section 19.8, by the names that they have there, and
of Update, with what the engine takes beyond (LATERAL, ADJUST, and triple terms as subjects) and
without what it does not take (DISTINCT in a call of a function, and an empty negated set). Empty
brackets are no tokens here, so that what is missing in them can be told, and the numbers with a
sign are one kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

_GRAMMAR: Final = """
QueryUnit = Prologue (SelectQuery | ConstructQuery | DescribeQuery | AskQuery) ValuesClause
UpdateUnit = Prologue (Update1 (';' UpdateUnit)?)?
Prologue = ('PREFIX' PNAME_NS IRIREF | 'BASE' IRIREF | 'VERSION' STRING)*

SelectQuery = SelectClause DatasetClause* WhereClause SolutionModifier
SubSelect = SelectClause WhereClause SolutionModifier ValuesClause
SelectClause = 'SELECT' ('DISTINCT' | 'REDUCED')? ('*' | (VAR | SelectExpression)+)
SelectExpression = '(' Expression 'AS' VAR ')'
ConstructQuery = 'CONSTRUCT' ( ConstructTemplate DatasetClause* WhereClause SolutionModifier
    | DatasetClause* 'WHERE' ConstructTemplate SolutionModifier )
DescribeQuery = 'DESCRIBE' ('*' | VarOrIri+) DatasetClause* WhereClause? SolutionModifier
AskQuery = 'ASK' DatasetClause* WhereClause SolutionModifier
DatasetClause = 'FROM' 'NAMED'? iri
WhereClause = 'WHERE'? GroupGraphPattern
SolutionModifier = GroupClause? HavingClause? OrderClause? LimitOffsetClauses?
GroupClause = 'GROUP' 'BY' GroupCondition+
GroupCondition = VAR | '(' Expression ('AS' VAR)? ')' | BuiltInCall | FunctionCall
HavingClause = 'HAVING' Constraint+
OrderClause = 'ORDER' 'BY' (VAR | ('ASC' | 'DESC') BrackettedExpression | Constraint)+
LimitOffsetClauses = 'LIMIT' INTEGER ('OFFSET' INTEGER)? | 'OFFSET' INTEGER ('LIMIT' INTEGER)?
ValuesClause = InlineData?

Update1 = InsertOrDelete | 'WITH' iri (DeleteClause InsertClause? | InsertClause) ModifyWhere
    | 'LOAD' 'SILENT'? iri ('INTO' GraphRef)? | ('CLEAR' | 'DROP') 'SILENT'? GraphRefAll
    | 'CREATE' 'SILENT'? GraphRef
    | ('ADD' | 'MOVE' | 'COPY') 'SILENT'? GraphOrDefault 'TO' GraphOrDefault
InsertOrDelete = 'INSERT' ('DATA' InsertData | QuadPattern ModifyWhere)
    | 'DELETE' ( 'DATA' DeleteData | 'WHERE' DeletePattern
        | DeletePattern InsertClause? ModifyWhere )
DeleteClause = 'DELETE' DeletePattern
InsertClause = 'INSERT' QuadPattern
ModifyWhere = ('USING' 'NAMED'? iri)* 'WHERE' GroupGraphPattern
GraphOrDefault = 'DEFAULT' | 'GRAPH'? iri
GraphRef = 'GRAPH' iri
GraphRefAll = GraphRef | 'DEFAULT' | 'NAMED' | 'ALL'
InsertData = QuadPattern
DeleteData = QuadPattern
DeletePattern = QuadPattern
QuadPattern = '{' TriplesTemplate? (QuadsNotTriples '.'? TriplesTemplate?)* '}'
QuadsNotTriples = 'GRAPH' VarOrIri ConstructTemplate
ConstructTemplate = '{' TriplesTemplate? '}'
TriplesTemplate = TriplesSameSubject ('.' TriplesTemplate?)?

GroupGraphPattern = '{' (SubSelect | TriplesBlock? (GraphPatternNotTriples '.'? TriplesBlock?)*) '}'
TriplesBlock = TriplesSameSubjectPath ('.' TriplesBlock?)?
GraphPatternNotTriples = Filter | Optional | GroupOrUnionGraphPattern | Bind | InlineData | Minus
    | 'GRAPH' VarOrIri GroupGraphPattern | 'SERVICE' 'SILENT'? VarOrIri GroupGraphPattern
    | 'LATERAL' GroupGraphPattern
Optional = 'OPTIONAL' GroupGraphPattern
Minus = 'MINUS' GroupGraphPattern
GroupOrUnionGraphPattern = GroupGraphPattern ('UNION' GroupGraphPattern)*
Filter = 'FILTER' Constraint
Bind = 'BIND' '(' Expression 'AS' VAR ')'
InlineData = 'VALUES' (VAR '{' DataBlockValue* '}' | '(' VAR* ')' '{' DataBlockRow* '}')
DataBlockRow = '(' DataBlockValue* ')'
DataBlockValue = iri | Literal | 'UNDEF' | TripleTermData
Constraint = BrackettedExpression | BuiltInCall | FunctionCall
FunctionCall = iri ExpressionList
ExpressionList = '(' (Expression (',' Expression)*)? ')'

TriplesSameSubject = VarOrTerm PropertyListNotEmpty | ReifiedTriple PropertyListNotEmpty?
    | '(' (')' PropertyListNotEmpty | GraphNode+ ')' PropertyListNotEmpty?)
    | '[' (']' PropertyListNotEmpty | PropertyListNotEmpty ']' PropertyListNotEmpty?)
PropertyListNotEmpty = Verb ObjectList (';' (Verb ObjectList)?)*
Verb = VarOrIri | 'a'
ObjectList = Object (',' Object)*
Object = GraphNode ('~' VarOrReifierId? | '{|' PropertyListNotEmpty '|}')*
GraphNode = VarOrTerm | ReifiedTriple | '(' GraphNode* ')' | '[' PropertyListNotEmpty? ']'
TriplesSameSubjectPath = VarOrTerm PropertyListPathNotEmpty
    | ReifiedTriple PropertyListPathNotEmpty?
    | '(' (')' PropertyListPathNotEmpty | GraphNodePath+ ')' PropertyListPathNotEmpty?)
    | '[' (']' PropertyListPathNotEmpty | PropertyListPathNotEmpty ']' PropertyListPathNotEmpty?)
PropertyListPathNotEmpty = VerbPath ObjectListPath (';' (VerbPath ObjectListPath)?)*
VerbPath = VAR | Path
ObjectListPath = ObjectPath (',' ObjectPath)*
ObjectPath = GraphNodePath ('~' VarOrReifierId? | '{|' PropertyListPathNotEmpty '|}')*
GraphNodePath = VarOrTerm | ReifiedTriple | '(' GraphNodePath* ')'
    | '[' PropertyListPathNotEmpty? ']'
Path = PathSequence ('|' PathSequence)*
PathSequence = PathEltOrInverse ('/' PathEltOrInverse)*
PathEltOrInverse = '^'? PathPrimary ('?' | '*' | '+')?
PathPrimary = iri | 'a' | '!' PathNegatedPropertySet | '(' Path ')'
PathNegatedPropertySet = PathOneInPropertySet
    | '(' PathOneInPropertySet ('|' PathOneInPropertySet)* ')'
PathOneInPropertySet = '^'? (iri | 'a')
VarOrReifierId = VarOrIri | BlankNode
VarOrTerm = VAR | iri | Literal | BLANK_NODE_LABEL | TripleTerm
BlankNode = BLANK_NODE_LABEL | '[' ']'
ReifiedTriple = '<<' ReifiedTerm Verb ReifiedTerm ('~' VarOrReifierId?)? '>>'
ReifiedTerm = VarOrIri | Literal | BlankNode | ReifiedTriple | TripleTerm
TripleTerm = '<<(' TripleTermObject Verb TripleTermObject ')>>'
TripleTermObject = VarOrIri | Literal | BlankNode | TripleTerm
TripleTermData = '<<(' iri (iri | 'a') DataTerm ')>>'
DataTerm = iri | Literal | TripleTermData
VarOrIri = VAR | iri
iri = IRIREF | PNAME_LN | PNAME_NS
Literal = String (LANG_DIR | '^^' iri)? | Number | 'true' | 'false'
String = STRING | LONG_STRING
Number = INTEGER | DECIMAL | SIGNED

Expression = ConditionalAndExpression ('||' ConditionalAndExpression)*
ConditionalAndExpression = RelationalExpression ('&&' RelationalExpression)*
RelationalExpression = NumericExpression ( Comparison NumericExpression
    | 'IN' ExpressionList | 'NOT' 'IN' ExpressionList )?
Comparison = '=' | '!=' | '<' | '>' | '<=' | '>='
NumericExpression = Product (('+' | '-') Product | SIGNED (('*' | '/') UnaryExpression)*)*
Product = UnaryExpression (('*' | '/') UnaryExpression)*
UnaryExpression = ('!' | '+' | '-')? PrimaryExpression
PrimaryExpression = VAR | BrackettedExpression | BuiltInCall | iri ExpressionList? | Literal
    | ExprTripleTerm
ExprTripleTerm = '<<(' ExprTerm Verb ExprTerm ')>>'
ExprTerm = VarOrIri | Literal | ExprTripleTerm
BrackettedExpression = '(' Expression ')'
BuiltInCall = Aggregate | Unary BrackettedExpression
    | Binary '(' Expression ',' Expression ')'
    | Ternary '(' Expression ',' Expression ',' Expression ')'
    | Nullary '(' ')' | 'BOUND' '(' VAR ')' | 'BNODE' '(' Expression? ')'
    | ('CONCAT' | 'COALESCE') ExpressionList
    | ('REGEX' | 'SUBSTR') '(' Expression ',' Expression (',' Expression)? ')'
    | 'REPLACE' '(' Expression ',' Expression ',' Expression (',' Expression)? ')'
    | 'EXISTS' GroupGraphPattern | 'NOT' 'EXISTS' GroupGraphPattern
Nullary = 'NOW' | 'RAND' | 'UUID' | 'STRUUID'
Unary = 'STR' | 'LANG' | 'LANGDIR' | 'DATATYPE' | 'IRI' | 'URI' | 'ABS' | 'CEIL' | 'FLOOR'
    | 'ROUND' | 'STRLEN' | 'UCASE' | 'LCASE' | 'ENCODE_FOR_URI' | 'YEAR' | 'MONTH' | 'DAY'
    | 'HOURS' | 'MINUTES' | 'SECONDS' | 'TIMEZONE' | 'TZ' | 'MD5' | 'SHA1' | 'SHA256' | 'SHA384'
    | 'SHA512' | 'ISIRI' | 'ISURI' | 'ISBLANK' | 'ISLITERAL' | 'ISNUMERIC' | 'ISTRIPLE'
    | 'HASLANG' | 'HASLANGDIR' | 'SUBJECT' | 'PREDICATE' | 'OBJECT'
Binary = 'LANGMATCHES' | 'CONTAINS' | 'STRSTARTS' | 'STRENDS' | 'STRBEFORE' | 'STRAFTER'
    | 'STRLANG' | 'STRDT' | 'SAMETERM' | 'ADJUST'
Ternary = 'IF' | 'STRLANGDIR' | 'TRIPLE'
Aggregate = 'COUNT' '(' 'DISTINCT'? ('*' | Expression) ')'
    | ('SUM' | 'MIN' | 'MAX' | 'AVG' | 'SAMPLE') '(' 'DISTINCT'? Expression ')'
    | 'GROUP_CONCAT' '(' 'DISTINCT'? Expression (';' 'SEPARATOR' '=' String)? ')'
"""
_PART: Final = re.compile(r"'([^']+)'|(\w+)|([()|?*+])")


@dataclass(frozen=True, slots=True)
class Grammar:
    """Productions with what each may begin with; a symbol that has none is a token."""

    productions: Mapping[str, tuple[tuple[str, ...], ...]]
    first: Mapping[str, Mapping[str, int]]
    """By the token that it begins with, which of a symbol's productions that is, in order."""
    nullable: frozenset[str]
    """What may be empty."""


@cache
def grammar() -> Grammar:
    """Return the grammar of SPARQL, which is read once."""
    productions: dict[str, list[tuple[str, ...]]] = {}
    for rule in re.split(r"\n+(?=\w)", _GRAMMAR.strip()):
        name, _, right = rule.partition(" = ")
        parts = [match.group(match.lastindex or 0) for match in _PART.finditer(right)]
        marks = [match[3] is not None for match in _PART.finditer(right)]
        _Rule(name, list(zip(parts, marks, strict=True)), productions).read()
    return _with_beginnings({name: tuple(each) for name, each in productions.items()})


class _Rule:
    """A rule of the grammar on its way to productions without brackets and repetitions."""

    def __init__(
        self,
        name: str,
        parts: list[tuple[str, bool]],
        productions: dict[str, list[tuple[str, ...]]],
    ) -> None:
        self._name, self._parts, self._productions = name, parts[::-1], productions

    def read(self) -> None:
        self._productions[self._name] = list(self._alternatives())

    def _alternatives(self) -> Iterator[tuple[str, ...]]:
        sequence: list[str] = []
        while self._parts:
            part, is_mark = self._parts.pop()
            if is_mark and part == ")":
                break
            if is_mark and part == "|":
                yield tuple(sequence)
                sequence = []
            elif is_mark and part == "(":
                sequence.append(self._new(list(self._alternatives())))
            elif is_mark:
                sequence.append(self._repeated(sequence.pop(), part))
            else:
                sequence.append(part)
        yield tuple(sequence)

    def _repeated(self, symbol: str, mark: str) -> str:
        if mark == "?":
            return self._new([(symbol,), ()])
        many = self._new([])
        self._productions[many] = [(symbol, many), ()]
        return many if mark == "*" else self._new([(symbol, many)])

    def _new(self, productions: list[tuple[str, ...]]) -> str:
        name = f"{self._name}.{len(self._productions)}"
        self._productions[name] = productions
        return name


def _with_beginnings(productions: dict[str, tuple[tuple[str, ...], ...]]) -> Grammar:
    nullable: set[str] = set()
    known = -1
    while known < len(nullable):
        known = len(nullable)
        for name, alternatives in productions.items():
            if any(nullable.issuperset(sequence) for sequence in alternatives):
                nullable.add(name)

    @cache
    def first(symbol: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, sequence in enumerate(productions.get(symbol, ())):
            for each in sequence:
                for token in first(each) if each in productions else (each,):
                    found.setdefault(token, number)
                if each not in nullable:
                    break
        return found

    return Grammar(productions, {name: first(name) for name in productions}, frozenset(nullable))
