using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PyAsync.Objects;

/// <summary>Converts references that C functions return to objects, or throws the current Python error.</summary>
internal static class NewReferenceExtensions
{
    extension(NewReference reference)
    {
        /// <summary>Returns this reference, or throws the current Python error if it is NULL.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public NewReference OrThrow()
        {
            if (reference.IsNull)
            {
                Throw();
            }

            return reference;
        }

        /// <summary>Moves the reference into a managed owner: the variable that held it must not be used, nor disposed, afterwards.</summary>
        /// <exception cref="PythonException">The reference is NULL: the current Python error is thrown.</exception>
        public PyObject ToPyObject()
        {
            if (reference.IsNull)
            {
                Throw();
            }

            long size = WellKnownObjects.Current.Sizes.OfLarge(reference.Borrow());
            return new PyObject(reference.Take(), size);
        }
    }

    [DoesNotReturn]
    private static void Throw() => throw PythonErrors.Take();
}
