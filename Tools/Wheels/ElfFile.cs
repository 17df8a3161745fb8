using System.Buffers.Binary;
using System.Text;

namespace PyAsync.Tool;

/// <summary>What a Linux library asks of the system: the libraries that it is linked to, and the versions of their symbols that it uses.</summary>
/// <param name="Needed">The names of the libraries (DT_NEEDED).</param>
/// <param name="Versions">Library and symbol version, such as <c>libc.so.6</c> and <c>GLIBC_2.34</c> (DT_VERNEED).</param>
internal sealed record ElfFile(IReadOnlyList<string> Needed, IReadOnlyList<(string Library, string Version)> Versions)
{
    private const int Load = 1, Dynamic = 2;
    private const ulong DtNeeded = 1, DtStrTab = 5, DtVerNeed = 0x6FFFFFFE, DtVerNeedNum = 0x6FFFFFFF;

    /// <summary>Reads the dynamic section, which is there however the file was stripped (System V ABI, and LSB for the versions).</summary>
    /// <exception cref="ToolException">It is no 64-bit little-endian ELF file.</exception>
    public static ElfFile Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 64 || !file.StartsWith("\u007fELF"u8) || file[4] != 2 || file[5] != 1)
        {
            throw new ToolException("The library's needs cannot be read: it is no 64-bit little-endian ELF file.");
        }

        List<(ulong Address, ulong Size, int Offset)> segments = [];
        (int Offset, int Size) dynamic = default;
        int headers = (int)U64(file, 32), headerSize = U16(file, 54), headerCount = U16(file, 56);
        for (int i = 0; i < headerCount; i++)
        {
            ReadOnlySpan<byte> header = file.Slice(headers + (i * headerSize), headerSize);
            switch (U32(header, 0))
            {
                case Load:
                    segments.Add((U64(header, 16), U64(header, 32), (int)U64(header, 8)));
                    break;
                case Dynamic:
                    dynamic = ((int)U64(header, 8), (int)U64(header, 32));
                    break;
            }
        }

        List<(ulong Tag, ulong Value)> entries = [];
        for (int at = dynamic.Offset; at < dynamic.Offset + dynamic.Size; at += 16)
        {
            entries.Add((U64(file, at), U64(file, at + 8)));
        }

        ulong strings = entries.First(entry => entry.Tag == DtStrTab).Value;
        int stringTable = OffsetOf(segments, strings);
        List<string> needed = [];
        foreach ((ulong tag, ulong value) in entries)
        {
            if (tag == DtNeeded)
            {
                needed.Add(Text(file, stringTable + (int)value));
            }
        }

        ulong address = entries.FirstOrDefault(entry => entry.Tag == DtVerNeed).Value;
        ulong count = entries.FirstOrDefault(entry => entry.Tag == DtVerNeedNum).Value;
        return new ElfFile(needed, address == 0 ? [] : ReadVersions(file, OffsetOf(segments, address), count, stringTable));
    }

    /// <summary>Elf64_Verneed: a chain of libraries, each with a chain of versions.</summary>
    private static List<(string Library, string Version)> ReadVersions(ReadOnlySpan<byte> file, int at, ulong libraries, int stringTable)
    {
        List<(string Library, string Version)> versions = [];
        for (ulong i = 0; i < libraries; i++)
        {
            string library = Text(file, stringTable + (int)U32(file, at + 4));
            int version = at + (int)U32(file, at + 8);
            for (int j = 0; j < U16(file, at + 2); j++)
            {
                versions.Add((library, Text(file, stringTable + (int)U32(file, version + 8))));
                version += (int)U32(file, version + 12);
            }

            at += (int)U32(file, at + 12);
        }

        return versions;
    }

    private static int OffsetOf(List<(ulong Address, ulong Size, int Offset)> segments, ulong address)
    {
        (ulong start, _, int offset) = segments.First(segment => address >= segment.Address && address < segment.Address + segment.Size);
        return offset + (int)(address - start);
    }

    private static string Text(ReadOnlySpan<byte> file, int at)
    {
        ReadOnlySpan<byte> rest = file[at..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static ushort U16(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt16LittleEndian(span[at..]);

    private static uint U32(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt32LittleEndian(span[at..]);

    private static ulong U64(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt64LittleEndian(span[at..]);
}
