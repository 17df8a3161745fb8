using System.Buffers.Binary;
using System.Text;

namespace PyAsync.Tool.Wheels;

/// <summary>The requirements of a Linux library: the libraries that it is linked to, and the versions of their symbols that it uses.</summary>
/// <param name="Needed">The names of the libraries (DT_NEEDED).</param>
/// <param name="Versions">Library and symbol version, such as <c>libc.so.6</c> and <c>GLIBC_2.34</c> (DT_VERNEED).</param>
internal sealed record ElfFile(IReadOnlyList<string> Needed, IReadOnlyList<(string Library, string Version)> Versions)
{
    /// <summary>Reads the dynamic section, which every stripped file has too (System V ABI, and LSB for the versions).</summary>
    /// <exception cref="ToolException">The file is not a 64-bit little-endian ELF file, or is damaged.</exception>
    public static ElfFile Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 64 || !file.StartsWith("\u007fELF"u8) || file[4] != 2 || file[5] != 1)
        {
            throw new ToolException("The library's requirements cannot be read: it is not a 64-bit little-endian ELF file.");
        }

        return new Reader(file).Read();
    }

    /// <summary>Reads a file whose offsets may lead anywhere. Each read is bounded, and so is the number of names.</summary>
    private ref struct Reader(ReadOnlySpan<byte> file)
    {
        private const uint Load = 1, Dynamic = 2;
        private const ulong DtNull = 0, DtNeeded = 1, DtStrTab = 5, DtVerNeed = 0x6FFFFFFE, DtVerNeedNum = 0x6FFFFFFF;

        // Elf64_Dyn, Elf64_Verneed and Elf64_Vernaux have the same size.
        private const int HeaderSize = 56, EntrySize = 16;

        // More than any library has. Chains of a damaged file may share their ends, and names their letters.
        private const int MaxNames = 10_000, MaxNameLength = 4_096;

        private readonly ReadOnlySpan<byte> _file = file;
        private readonly List<(ulong Address, ulong Size, ulong Offset)> _segments = [];
        private ulong _strings;
        private int _names;

        public ElfFile Read()
        {
            List<ulong> needed = [];
            ulong? strings = null, versions = null;
            ulong versionCount = 0;
            foreach ((ulong tag, ulong value) in ReadEntries(ReadHeaders()))
            {
                switch (tag)
                {
                    case DtNeeded:
                        needed.Add(value);
                        break;
                    case DtStrTab:
                        strings = value;
                        break;
                    case DtVerNeed:
                        versions = value;
                        break;
                    case DtVerNeedNum:
                        versionCount = value;
                        break;
                }
            }

            _strings = OffsetOf(strings ?? throw Damaged());
            List<string> names = [];
            foreach (ulong name in needed)
            {
                names.Add(Name(name));
            }

            return new ElfFile(names, versions is { } address ? ReadVersions(OffsetOf(address), versionCount) : []);
        }

        /// <summary>Reads the program headers: keeps the segments, and returns the dynamic section.</summary>
        private readonly ReadOnlySpan<byte> ReadHeaders()
        {
            ReadOnlySpan<byte> dynamic = default;
            ulong at = U64(_file, 32);
            int size = U16(_file, 54), count = U16(_file, 56);
            if (size < HeaderSize)
            {
                throw Damaged();
            }

            ReadOnlySpan<byte> headers = Slice(at, (ulong)size * (ulong)count);
            for (; headers.Length > 0; headers = headers[size..])
            {
                ulong offset = U64(headers, 8), fileSize = U64(headers, 32);
                switch (U32(headers, 0))
                {
                    case Load:
                        _segments.Add((U64(headers, 16), fileSize, offset));
                        break;
                    case Dynamic:
                        dynamic = Slice(offset, fileSize);
                        break;
                }
            }

            return dynamic;
        }

        private static List<(ulong Tag, ulong Value)> ReadEntries(ReadOnlySpan<byte> dynamic)
        {
            List<(ulong Tag, ulong Value)> entries = [];
            for (; dynamic.Length >= EntrySize && U64(dynamic, 0) != DtNull; dynamic = dynamic[EntrySize..])
            {
                entries.Add((U64(dynamic, 0), U64(dynamic, 8)));
            }

            return entries;
        }

        /// <summary>Reads Elf64_Verneed: a chain of libraries, each with a chain of versions.</summary>
        private List<(string Library, string Version)> ReadVersions(ulong at, ulong libraries)
        {
            List<(string Library, string Version)> versions = [];
            for (ulong i = 0; i < libraries; i++)
            {
                ReadOnlySpan<byte> need = Slice(at, EntrySize);
                string library = Name(U32(need, 4));
                ulong version = at + U32(need, 8);
                for (int j = 0; j < U16(need, 2); j++)
                {
                    ReadOnlySpan<byte> needed = Slice(version, EntrySize);
                    versions.Add((library, Name(U32(needed, 8))));
                    version += U32(needed, 12);
                }

                at += U32(need, 12);
            }

            return versions;
        }

        /// <summary>Reads a name of the string table.</summary>
        private string Name(ulong offset)
        {
            if (++_names > MaxNames || offset > (ulong)_file.Length)
            {
                throw Damaged();
            }

            ReadOnlySpan<byte> rest = From(_strings + offset);
            int length = rest[..Math.Min(rest.Length, MaxNameLength)].IndexOf((byte)0);
            return length < 0 ? throw Damaged() : Encoding.ASCII.GetString(rest[..length]);
        }

        /// <summary>Returns where in the file an address of the loaded library is.</summary>
        private readonly ulong OffsetOf(ulong address)
        {
            foreach ((ulong start, ulong size, ulong offset) in _segments)
            {
                if (address >= start && address - start < size && offset <= (ulong)_file.Length && address - start <= (ulong)_file.Length)
                {
                    return offset + (address - start);
                }
            }

            throw Damaged();
        }

        private readonly ReadOnlySpan<byte> From(ulong offset) => offset <= (ulong)_file.Length ? _file[(int)offset..] : throw Damaged();

        private readonly ReadOnlySpan<byte> Slice(ulong offset, ulong length)
        {
            ReadOnlySpan<byte> rest = From(offset);
            return length <= (ulong)rest.Length ? rest[..(int)length] : throw Damaged();
        }

        private static ToolException Damaged() => new("The library's requirements cannot be read: the file is damaged.");

        private static ushort U16(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt16LittleEndian(span[at..]);

        private static uint U32(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt32LittleEndian(span[at..]);

        private static ulong U64(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt64LittleEndian(span[at..]);
    }
}
