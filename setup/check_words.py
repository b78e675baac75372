"""Finds words that are out, in what people read.

    python3 setup/check_words.py [paths]

The terms and why are in CONTRIBUTING.md. Searched are the strings of Python and
JavaScript, the texts and labels of XML, and the pages of documentation; in docstrings
and comments only words that take a person for a man or a woman.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
# what is said with this word, and what to say instead
OUT = {
    r"sen[dt]s? back|goes back to (your|the|package)": "returned to the package",
    r"(?<![\w.@/-])[Mm]ails?(?![\w.@/-])|\b[Ee]-mail": "email",
    r"\b[Tt]elephone": "phone",
    r"\b[Ss]ince ever\b|\bfor ever\b": "no start date, no end date",
    r"\bon the wall\b": "local time",
    (
        r"\b[Gg]iv(es?|en) (a|the|this|these|your|all) sessions?\b"
        r"|[Ss]essions? you give"
    ): "hold or offer a session",
    r"\bAttended\b": "Completed",
    r"\bBought\b": "Purchase date",
    r"\b[Ee]xpiry [Dd]ate\b": "Valid until",
    r"\bLate cancel\b|at the last minute": "Late cancellation",
    r"\bLook again\b": "Recompute",
    r"[Ww]hat it leads to|[Tt]his leads to": "what will happen",
    r"as often as it can be": "the maximum",
    r"comes with the next payslip": "will be on the next payslip",
    r"\bhow-manieth\b": "number",
    r"[Ss]omething is not right": "is something wrong?",
    r"\b[Ee]nds? the work\b|[Ww]ork has ended": "end coaching",
    r"\bis no (way|link|number|wish|valid)\b": "is not a …",
    r"never deleted": "can't be deleted",
}
PERSONS = r"\b(he|his|him|himself|she|her|hers|herself)\b"
WORDS = [(re.compile(word), instead) for word, instead in OUT.items()]
PERSON = re.compile(PERSONS, re.IGNORECASE)
SUFFIXES = (".py", ".xml", ".js", ".md")
# tells what the words are
EXEMPT = {"setup/check_words.py", "CONTRIBUTING.md"}


def find(text):
    """Return [(what was found, what to say instead)] in a text that people read."""
    hits = [
        (found[0], instead) for word, instead in WORDS for found in word.finditer(text)
    ]
    return hits + find_persons(text)


def find_persons(text):
    """Return the words in a text that take a person for a man or a woman."""
    return [(found[0], "they, or the role") for found in PERSON.finditer(text)]


def read_python(text):
    """Yield (line, text, whether people read it) of a Python file."""
    tree = ast.parse(text)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            read = id(node) not in documentation and " " in node.value.strip()
            yield node.lineno, node.value, read
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string, False


def read_javascript(text):
    """Yield (line, text, whether people read it) of a JavaScript file."""
    for number, line in enumerate(text.split("\n"), 1):
        for string in re.findall(r'"([^"]* [^"]*)"|`([^`]* [^`]*)`', line):
            yield number, " ".join(string), True


def read_xml(text):
    """Yield (line, text, whether people read it) of an XML file."""
    text = re.sub(r"<!--.*?-->", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)
    texts = r">([^<>]+)<"
    labels = (
        r'\b(?:string|help|placeholder|confirm|title|sum|name|aria-label|value)="'
        r'([^"]+)"'
    )
    for pattern in (texts, labels):
        for found in re.finditer(pattern, text):
            words = found[1].strip()
            # one word in lower case is a name of the program
            if words and not re.fullmatch(r"[a-z_.0-9]+", words):
                yield text.count("\n", 0, found.start(1)) + 1, found[1], True


def read_markdown(text):
    """Yield (line, text, whether people read it) of a page, without its code."""
    for number, line in enumerate(text.split("\n"), 1):
        yield number, re.sub(r"`[^`]*`", "", line), True


READERS = {
    ".py": read_python,
    ".js": read_javascript,
    ".xml": read_xml,
    ".md": read_markdown,
}


def check(path):
    """Yield (line, what was found, what to say instead) of a file."""
    for line, text, read in READERS[path.suffix](path.read_text()):
        for found, instead in find(text) if read else find_persons(text):
            yield line, found, instead


def main(arguments):
    names = arguments or subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    hits = 0
    for name in names:
        path = TOP / name
        if path.suffix not in SUFFIXES or name in EXEMPT or not path.is_file():
            continue
        for line, found, instead in check(path):
            print(f"{name}:{line}: “{found}” is out, say: {instead}")
            hits += 1
    print(f"words: {hits} that are out.")
    return int(bool(hits))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
