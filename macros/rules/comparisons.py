"""Comparisons → trees: of numbers, of tags with texts, of questions with answers."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import shorten
from macros.model import Question, Tree
from macros.points import scale_of
from macros.rules.visitor import Visitor

COMPARISONS = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
}
MEMBERSHIPS = (ast.Is, ast.IsNot, ast.In, ast.NotIn)

Side = tuple[ast.expr, Tree]
SpelledAnswer = tuple[ast.expr, str]  # where it stands, and its name


def comparison(rule: Visitor, node: ast.Compare) -> Tree:
    if isinstance(node.ops[0], MEMBERSHIPS):
        return _membership(rule, node)
    left, trees = node.left, []
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if type(operator) not in COMPARISONS:
            message = "'is' and 'in' are not chained with other comparisons; join them by 'and'"
            raise rule.error(right, message)
        trees.append(_compared(rule, COMPARISONS[type(operator)], left, right))
        left = right
    return trees[0] if len(trees) == 1 else ["and", *trees]


# --- of numbers and texts ------------------------------------------------------------------


def _compared(rule: Visitor, name: str, left: ast.expr, right: ast.expr) -> Tree:
    if name in ("eq", "ne"):
        for side, text in ((left, right), (right, left)):
            if _is_text(text) and _can_be_question(rule, side):
                return _compared_answer(rule, name, side, text)
    left_kind, left_tree = rule.value(left)
    right_kind, right_tree = rule.value(right)
    if "text" in (left_kind, right_kind):
        return _compared_text(rule, name, (left, left_tree), (right, right_tree))
    for side, kind in ((left, left_kind), (right, right_kind)):
        if kind == "boolean":
            message = f"{rule.quoted(side)} is a condition; numbers are compared"
            raise rule.error(side, message)
    return [name, left_tree, right_tree]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _can_be_question(rule: Visitor, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and rule.spelled(node) not in rule.scope.measures


def _compared_answer(rule: Visitor, name: str, node: ast.expr, text: ast.expr) -> Tree:
    """`region == "eu"`, which says the same as `region is eu`."""
    question = rule.question(node)
    if not question:
        return None
    tree = _is_any(rule, node, question, [(text, str(ast.literal_eval(text)))])
    return ["not", tree] if name == "ne" else tree


def _compared_text(rule: Visitor, name: str, left: Side, right: Side) -> Tree:
    (left_node, left_tree), (right_node, right_tree) = left, right
    if name not in ("eq", "ne"):
        raise rule.error(right_node, "texts are compared by == or != only")
    if not any(isinstance(node, ast.Attribute) for node in (left_node, right_node)):
        raise rule.error(left_node, "a text is compared with a tag or an answer")
    # Of several items, some can have a number where others have a text.
    if not rule.is_of_several(left_node, right_node):
        _check_text(rule, left)
        _check_text(rule, right)
    if left_tree is None or right_tree is None:
        return None
    return (left_tree == right_tree) == (name == "eq")


def _check_text(rule: Visitor, side: Side) -> None:
    node, tree = side
    if tree is not None and not isinstance(tree, str):
        problem = "is not a text, and what it is compared with is one"
        raise rule.error(node, f"{rule.quoted(node)} {problem}")


# --- of answers ----------------------------------------------------------------------------


def _membership(rule: Visitor, node: ast.Compare) -> Tree:
    """`q is red`, `q is not red`, `q in (red, yellow)`, `q not in (…)`, `x is none`."""
    if len(node.ops) > 1:
        raise rule.error(node, "'is' and 'in' are not chained; join them by 'and'")
    operator, right = node.ops[0], node.comparators[0]
    if isinstance(operator, (ast.In, ast.NotIn)):
        tree = _in(rule, node.left, right)
    else:
        tree = _is(rule, node, right)
    return ["not", tree] if isinstance(operator, (ast.IsNot, ast.NotIn)) else tree


def _in(rule: Visitor, left: ast.expr, right: ast.expr) -> Tree:
    if not (isinstance(right, ast.Tuple) and right.elts):
        message = "'in' is followed by answers in brackets: in (red, yellow); for one, say 'is'"
        raise rule.error(right, message)
    return _is_any_of(rule, left, right.elts)


def _is(rule: Visitor, node: ast.Compare, right: ast.expr) -> Tree:
    if rule.spelled(right) in ("true", "false"):
        message = "a condition holds by itself: leave 'is true' out, and for 'is false' say 'not'"
        raise rule.error(right, message)
    if rule.spelled(right) != "none":
        return _is_any_of(rule, node.left, [right])
    if isinstance(rule.item(node.left), Question):
        name = rule.spelled(node.left)
        message = f"'{name}' is a question, which is never none; say answered({name}) == 0"
        raise rule.error(node, message)
    return ["none", rule.value(node.left)[1]]


def _is_any_of(rule: Visitor, node: ast.expr, answers: Sequence[ast.expr]) -> Tree:
    question = rule.question(node)
    if not question:
        return None
    return _is_any(rule, node, question, [(answer, rule.spelled(answer)) for answer in answers])


def _is_any(
    rule: Visitor, node: ast.expr, question: Question, answers: Sequence[SpelledAnswer]
) -> Tree:
    scale = scale_of(question)
    if not scale and not rule.is_bound(node):
        hints = {"many": "; say chosen(question, choice)", "text": ""}
        hint = hints.get(question.kind, "; say number(question)")
        raise rule.error(node, f"'{question.id}' has no answers to compare{hint}")
    own_answers = list(scale.ids) if scale else []
    names = rule.every_answer if rule.is_bound(node) else own_answers
    if names or not scale:  # a scale that has failed is told
        for answer in answers:
            _check_answer(rule, node, question, answer, names)
    possible = [name for _, name in answers if name in own_answers]
    return ["is", question.id, *possible] if possible else False


def _check_answer(
    rule: Visitor, node: ast.expr, question: Question, answer: SpelledAnswer, names: list[str]
) -> None:
    place, name = answer
    if name in names:
        return
    remedy = suggest(name, names)
    if name in [choice.id for choice in question.choices]:
        remedy = f"; say chosen({question.id}, {name})"
    message = f"'{shorten(name)}' is not an answer of {rule.spelled(node)}{remedy}"
    rule.not_known(place, message)
