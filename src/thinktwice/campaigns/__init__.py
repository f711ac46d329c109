"""Campaign packs: their words, their policy, their release, their version, and the library of live ones.

Invariant: a pack is read whole or refused whole, with every fault named by file and line. A version is a pure
function of what a customer can see and of whom it reaches (DESIGN section 5).
"""
