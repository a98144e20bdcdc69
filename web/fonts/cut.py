#!/usr/bin/python3
"""Cuts the pages' fonts down to the letters they need. Run in web/ after `npm ci`; needs Debian's python3-fonttools and
python3-brotli. The results are committed, because nobody should need this to build Hark.

Source Serif is a reserved name (OFL 1.1, 3): what is cut from it is called Hark Serif.
"""
from fontTools import subset, ttLib
from fontTools.varLib import instancer

ASCII = "20-7E A0 2013-2014 2018-201E 2026 2192"
WESTERN = "A1-FF 131 152-153 2022 20AC"
MIDDLE = "100-130 132-151 154-17F 218-21B 1E9E"  # Central and Northern European, Turkish, Romanian

SERIF = "node_modules/@fontsource/source-serif-4/files/source-serif-4-%s-%d-normal.woff2"
INTER = "node_modules/@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2"


def codes(ranges):
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def cut(font, ranges, features, into, name=None):
    options = subset.Options(layout_features=features.split(), hinting=False, flavor="woff2", name_IDs=[0, 1, 2, 4, 6, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes(ranges))
    cutter.subset(font)
    if name:
        for entry in (1, 4, 6):
            font["name"].setName(name, entry, 3, 1, 0x409)
    subset.save_font(font, "fonts/" + into, options)


for weight, name in ((400, "Hark Serif"), (600, "Hark Serif SemiBold")):
    cut(ttLib.TTFont(SERIF % ("latin", weight)), ASCII, "kern lnum locl ccmp", "serif-%d.woff2" % weight, name)
    cut(ttLib.TTFont(SERIF % ("latin", weight)), WESTERN, "kern lnum locl ccmp", "serif-%d-western.woff2" % weight, name)
    cut(ttLib.TTFont(SERIF % ("latin-ext", weight)), MIDDLE, "lnum locl ccmp", "serif-%d-middle.woff2" % weight, name)
cut(instancer.instantiateVariableFont(ttLib.TTFont(INTER), {"wght": (400, 650)}), MIDDLE, "locl ccmp", "inter-middle.woff2")
