// Rules of the scanner that comes with the hub for development. Written by us, few on purpose: they show that a finding
// stops a file, and catch what has no business in a photo of an insurance card. They are no substitute for a kept
// signature database, which is why this scanner refuses to start in production.

rule Heliox_Test_EICAR
{
  meta:
    about = "the industry's harmless test file; as bytes, so that this file is not mistaken for it"
    date = "2026-11-22"
  strings:
    $text = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D 24 45 49 43 41 52 2D
              53 54 41 4E 44 41 52 44 2D 41 4E 54 49 56 49 52 55 53 2D 54 45 53 54 2D 46 49 4C 45 21 24 48 2B 48 2A }
  condition:
    $text
}

private rule Is_Image
{
  condition:
    uint16be(0) == 0xFFD8 or
    uint32be(0) == 0x89504E47 or
    (uint32be(0) == 0x52494646 and uint32be(8) == 0x57454250)
}

rule Heliox_Server_Script_In_Image
{
  meta:
    about = "an image that a web server could be talked into running as PHP or JSP"
    date = "2026-11-22"
  strings:
    // Long enough not to turn up by chance in compressed pixels; the short form of the PHP tag would.
    $php = "<?php" nocase
    $jsp = "<%@ page" nocase
  condition:
    Is_Image and any of them
}

rule Heliox_Web_Script_In_Image
{
  meta:
    about = "an image that a browser could be talked into reading as a page with a script"
    date = "2026-11-22"
  strings:
    $script = "<script" nocase
    $handler = /<(svg|img|body|iframe)[^>]{0,200}\son(load|error)\s*=/ nocase
    $scheme = "javascript:" nocase
  condition:
    Is_Image and any of them
}

rule Heliox_Archive_Behind_Image
{
  meta:
    about = "an image that is a ZIP archive (or JAR) when read from its end"
    date = "2026-11-22"
  strings:
    $end = { 50 4B 05 06 }
  condition:
    // The record is 22 bytes and a comment whose length it gives; it must end where the file ends.
    Is_Image and for any i in (1..#end) : (@end[i] + 22 + uint16(@end[i] + 20) == filesize)
}

rule Heliox_Windows_Executable
{
  meta:
    about = "a PE file, by its two headers"
    date = "2026-11-22"
  condition:
    uint16be(0) == 0x4D5A and uint32(0x3C) < filesize and uint32be(uint32(0x3C)) == 0x50450000
}

rule Heliox_Windows_Executable_In_Image
{
  meta:
    about = "a PE file carried inside an image"
    date = "2026-11-22"
  strings:
    $stub = "This program cannot be run in DOS mode"
  condition:
    Is_Image and $stub
}

rule Heliox_Unix_Executable
{
  meta:
    about = "ELF, Mach-O or a script with an interpreter line"
    date = "2026-11-22"
  condition:
    uint32be(0) == 0x7F454C46 or
    uint32be(0) == 0xFEEDFACF or uint32be(0) == 0xCFFAEDFE or uint32be(0) == 0xCAFEBABE or
    uint16be(0) == 0x2321
}
